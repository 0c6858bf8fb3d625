/*
 * struct net_trust: the value of a task storage map. Generated from its declared layout.
 * sha256:a97e969d80cfddd18ea9aceddb89766287d6adc6f67687996fd63e9c02b2821f
 */
#ifndef TASKSTORAGE_net_trust_H
#define TASKSTORAGE_net_trust_H

#ifndef __VMLINUX_H__ /* vmlinux.h has the same types: a BPF program includes it first. */
#include <linux/types.h>
#endif

struct net_trust {
	__u32 trust;
	__u32 denied; /* written by BPF programs only */
};

_Static_assert(sizeof(struct net_trust) == 8, "size of struct net_trust");
_Static_assert(_Alignof(struct net_trust) == 4, "alignment of struct net_trust");
_Static_assert(__builtin_offsetof(struct net_trust, trust) == 0, "offset of trust");
_Static_assert(__builtin_offsetof(struct net_trust, denied) == 4, "offset of denied");

#endif /* TASKSTORAGE_net_trust_H */
