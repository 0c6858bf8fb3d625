/*
 * The programs of walk_loop.c. An iterator runs one of them for each task of the machine; it gives the tasks of
 * one cgroup a value, changes it, compares it, or takes it away. Compiled with where this kernel keeps what they
 * read: -DTASK_CGROUPS=… -DSET_CGROUP=… -DCGROUP_NODE=… -DNODE_ID=…, in bytes.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "walk.h"

#define AT(type, base, offset) (*(type *)((char *)(base) + (offset)))

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct words);
} entries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct work);
} work SEC(".maps");

/* The task that the iterator has come to, if it is in this cgroup. */
static __always_inline struct task_struct *task_in(void *ctx, __u64 cgroup)
{
	struct task_struct *task = AT(void *, ctx, 8);
	void *node;

	if (!task)
		return NULL;
	node = AT(void *, AT(void *, AT(void *, task, TASK_CGROUPS), SET_CGROUP), CGROUP_NODE);
	return AT(__u64, node, NODE_ID) == cgroup ? task : NULL;
}

static __always_inline struct work *get_work(void)
{
	__u32 first = 0;

	return bpf_map_lookup_elem(&work, &first);
}

SEC("iter/task")
int create(void *ctx)
{
	struct work *work = get_work();
	struct task_struct *task;

	if (!work)
		return 0;
	task = task_in(ctx, work->cgroup);
	if (task && bpf_task_storage_get(&entries, task, &work->value, BPF_LOCAL_STORAGE_GET_F_CREATE))
		work->done++;
	return 0;
}

SEC("iter/task")
int overwrite(void *ctx)
{
	struct work *work = get_work();
	struct task_struct *task;
	struct words *entry;

	if (!work)
		return 0;
	task = task_in(ctx, work->cgroup);
	entry = task ? bpf_task_storage_get(&entries, task, NULL, 0) : NULL;
	if (!entry)
		return 0;
	*entry = work->value;
	work->done++;
	return 0;
}

SEC("iter/task")
int verify(void *ctx)
{
	struct work *work = get_work();
	struct task_struct *task;
	struct words *entry;

	if (!work)
		return 0;
	task = task_in(ctx, work->cgroup);
	entry = task ? bpf_task_storage_get(&entries, task, NULL, 0) : NULL;
	if (entry && entry->words[0] == work->value.words[0] && entry->words[1] == work->value.words[1] &&
	    entry->words[2] == work->value.words[2])
		work->done++;
	return 0;
}

SEC("iter/task")
int take_away(void *ctx)
{
	struct work *work = get_work();
	struct task_struct *task;

	if (!work)
		return 0;
	task = task_in(ctx, work->cgroup);
	if (task && !bpf_task_storage_delete(&entries, task))
		work->done++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
