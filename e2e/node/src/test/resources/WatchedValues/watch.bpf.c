// Reads the value of whoever makes system calls, most of the time, and counts in the field that is a program's own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "tenant_ctx.h"
#include "seen.h"

#define READ_ONCE(scalar) (*(const volatile typeof(scalar) *)&(scalar))

/* As many looks at one call, so that one CPU does little else; the verifier follows no more than 8192 jumps. */
#define LOOKS 2000

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tenant_ctx);
} tenant_ctx SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct seen);
} seen SEC(".maps");

static __always_inline struct seen *counts(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&seen, &zero);
}

static __always_inline int is_torn(__u64 scalar)
{
	return (scalar & 0xffffffff) != scalar >> 32;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_call)
{
	struct tenant_ctx *value = bpf_task_storage_get(&tenant_ctx, bpf_get_current_task_btf(), NULL, 0);
	struct seen *all;
	__u64 last, now;
	int i;

	if (!value)
		return 0;
	all = counts();
	if (!all)
		return 0;
	__sync_fetch_and_add(&value->hits, 1);
	if (bpf_get_current_pid_tgid() >> 32 == all->watched)
		__sync_fetch_and_add(&all->calls, 1);
	last = READ_ONCE(value->tenant_id);
	for (i = 0; i < LOOKS; i++) {
		now = READ_ONCE(value->tenant_id);
		if (is_torn(now))
			__sync_fetch_and_add(&all->torn, 1);
		if (now != last)
			__sync_fetch_and_add(&all->changes, 1);
		last = now;
	}
	return 0;
}

/* The child has not run yet. Its parent has a value, and so it has one. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct tenant_ctx *value = bpf_task_storage_get(&tenant_ctx, parent, NULL, 0);
	struct seen *all;

	if (!value)
		return 0;
	all = counts();
	if (!all)
		return 0;
	__sync_fetch_and_add(&all->births, 1);
	value = bpf_task_storage_get(&tenant_ctx, child, NULL, 0);
	if (!value) {
		__sync_fetch_and_add(&all->missing, 1);
		return 0;
	}
	if (is_torn(READ_ONCE(value->tenant_id)))
		__sync_fetch_and_add(&all->torn, 1);
	if (READ_ONCE(value->hits))
		__sync_fetch_and_add(&all->used, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
