/*
 * struct tenant_ctx: the value of a task storage map. Generated from its declared layout.
 * sha256:48b5c2d6575a50614e4dabe344c9bd24e876dbdb13479ba08f063bd57868269e
 */
#ifndef TASKSTORAGE_tenant_ctx_H
#define TASKSTORAGE_tenant_ctx_H

#ifndef __VMLINUX_H__ /* vmlinux.h has the same types: a BPF program includes it first. */
#include <linux/types.h>
#endif

struct tenant_ctx {
	__u64 tenant_id;
	__u8 qos;
	_Bool guest;
	char app[32];
	__u8 key[16];
	__s16 weights[4];
	__u64 hits; /* written by BPF programs only */
};

_Static_assert(sizeof(struct tenant_ctx) == 80, "size of struct tenant_ctx");
_Static_assert(_Alignof(struct tenant_ctx) == 8, "alignment of struct tenant_ctx");
_Static_assert(__builtin_offsetof(struct tenant_ctx, tenant_id) == 0, "offset of tenant_id");
_Static_assert(__builtin_offsetof(struct tenant_ctx, qos) == 8, "offset of qos");
_Static_assert(__builtin_offsetof(struct tenant_ctx, guest) == 9, "offset of guest");
_Static_assert(__builtin_offsetof(struct tenant_ctx, app) == 10, "offset of app");
_Static_assert(__builtin_offsetof(struct tenant_ctx, key) == 42, "offset of key");
_Static_assert(__builtin_offsetof(struct tenant_ctx, weights) == 58, "offset of weights");
_Static_assert(__builtin_offsetof(struct tenant_ctx, hits) == 72, "offset of hits");

#endif /* TASKSTORAGE_tenant_ctx_H */
