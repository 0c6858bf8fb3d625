/*
 * struct tenant_ctx: the value of a task storage map. Generated from its declared layout.
 * sha256:e35df53d7f398d5a4e1c73b671662229baf41b94a009864ce770d6381d6706c4
 */
#ifndef TASKSTORAGE_tenant_ctx_H
#define TASKSTORAGE_tenant_ctx_H

#ifndef __VMLINUX_H__ /* vmlinux.h has the same types: a BPF program includes it first. */
#include <linux/types.h>
#endif

struct tenant_ctx {
	__u64 tenant_id;
	__u8 qos;
	char app[16];
	__u32 hits; /* written by BPF programs only */
};

_Static_assert(sizeof(struct tenant_ctx) == 32, "size of struct tenant_ctx");
_Static_assert(_Alignof(struct tenant_ctx) == 8, "alignment of struct tenant_ctx");
_Static_assert(__builtin_offsetof(struct tenant_ctx, tenant_id) == 0, "offset of tenant_id");
_Static_assert(__builtin_offsetof(struct tenant_ctx, qos) == 8, "offset of qos");
_Static_assert(__builtin_offsetof(struct tenant_ctx, app) == 9, "offset of app");
_Static_assert(__builtin_offsetof(struct tenant_ctx, hits) == 28, "offset of hits");

#endif /* TASKSTORAGE_tenant_ctx_H */
