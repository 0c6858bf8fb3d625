// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
//
// Counts new tasks, execs and system calls by tenant and quality of service: by the value that the task
// carries at that moment. Nobody here looks for processes: who carries what is the policies' business.
//
// Reads no struct of the kernel, so one object fits every kernel with BTF; the map's own struct is the one
// that its manifest declares.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "../quickstart/tenant_ctx.h"
#include "counts.h"

/* A scalar is stored whole, so it has to be loaded whole, and once. */
#define READ_ONCE(scalar) (*(const volatile typeof(scalar) *)&(scalar))

/* The agent's map. The loader puts the pinned one in here: see count_by_value.c. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tenant_ctx);
} tenant_ctx SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct who);
	__type(value, struct counts);
} counts SEC(".maps");

/* The counts of whoever this value speaks of; NULL if the table is full. */
static __always_inline struct counts *counts_of(struct tenant_ctx *value)
{
	struct who who = {
		.tenant_id = READ_ONCE(value->tenant_id),
		.qos = READ_ONCE(value->qos),
	};
	const struct counts none = {0};
	struct counts *found = bpf_map_lookup_elem(&counts, &who);

	if (found)
		return found;
	/* Somebody on another CPU may do the same: the first one's element stays. */
	bpf_map_update_elem(&counts, &who, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&counts, &who);
}

/* NULL for a task that no policy selects. Flags 0: an entry is made by the agent, never by a reader. */
static __always_inline struct tenant_ctx *value_of(struct task_struct *task)
{
	return bpf_task_storage_get(&tenant_ctx, task, NULL, 0);
}

/* The child has not run yet, and has its value. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct tenant_ctx *value = value_of(child);
	struct counts *counted;

	if (!value)
		return 0;
	counted = counts_of(value);
	if (counted)
		__sync_fetch_and_add(&counted->tasks, 1);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	struct tenant_ctx *value = value_of(task);
	struct counts *counted;

	if (!value)
		return 0;
	/* This field has "owner: Program": it is ours to write, and no policy's. */
	__sync_fetch_and_add(&value->hits, 1);
	counted = counts_of(value);
	if (counted)
		__sync_fetch_and_add(&counted->execs, 1);
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_call)
{
	struct tenant_ctx *value = value_of(bpf_get_current_task_btf());
	struct counts *counted;

	if (!value)
		return 0;
	counted = counts_of(value);
	if (counted)
		__sync_fetch_and_add(&counted->calls, 1);
	return 0;
}

/* The kernel lends bpf_get_current_task_btf() to GPL programs only. */
char LICENSE[] SEC("license") = "GPL";
