// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
//
// Denies connect(2) on the internet to every task whose value says that it is not trusted. Who that is, is the
// policies' business; nobody here looks for processes.
//
// Reads one field of one struct of the kernel, the first, which programs outside see as well: so one object
// fits every kernel with BTF.
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "answers.h"
#include "net_trust.h"

/* A scalar is stored whole, so it has to be loaded whole, and once. */
#define READ_ONCE(scalar) (*(const volatile typeof(scalar) *)&(scalar))

/* As in <sys/socket.h>, which compilers for BPF cannot read. */
#define AF_INET 2
#define AF_INET6 10
struct sockaddr {
	unsigned short sa_family;
};

/* The agent's map. The loader puts the pinned one in here: see deny_by_value.c. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct net_trust);
} net_trust SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ANSWERS);
	__type(key, __u32);
	__type(value, __u64);
} answers SEC(".maps");

static __always_inline void count(__u32 answer)
{
	__u64 *counted = bpf_map_lookup_elem(&answers, &answer);

	if (counted)
		__sync_fetch_and_add(counted, 1);
}

/*
 * Whether the task that asks is denied: its value says so. Without an entry, and with 0 where no policy has set
 * the field, it is not: this fails open.
 */
static __always_inline int is_denied(void)
{
	/* Flags 0: an entry is made by the agent, never by a reader. */
	struct net_trust *value = bpf_task_storage_get(&net_trust, bpf_get_current_task_btf(), NULL, 0);

	if (!value || READ_ONCE(value->trust) != UNTRUSTED)
		return 0;
	/* This field has "owner: Program": it is ours to write, and no policy's. */
	__sync_fetch_and_add(&value->denied, 1);
	return 1;
}

/* Before the first packet is sent. Not asked where another program has denied it already. */
SEC("lsm/socket_connect")
int BPF_PROG(on_connect, struct socket *socket, struct sockaddr *address)
{
	__u16 family = address->sa_family;

	count(ASKED);
	if (family != AF_INET && family != AF_INET6)
		return 0;
	if (!is_denied())
		return 0;
	count(DENIED);
	return -EPERM;
}

/* The kernel takes programs of LSM hooks under the GPL only. */
char LICENSE[] SEC("license") = "GPL";
