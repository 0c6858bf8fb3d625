/*
 * walk_loop OBJECT CGROUP_ID TASKS PIN: what a C program with libbpf and iterators of its own does to give every
 * task of a cgroup its value. As the plane InKernel, it walks once more after each change, to see that nothing is
 * left. Prints nanoseconds per task; ends where a walk did not reach each of the tasks.
 */
#include "bench.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "walk.h"

static struct bpf_object *object;
static struct work work;
static int work_map, tasks;

static const char *names[] = {"create", "overwrite", "verify", "take_away"};
enum walk { CREATE, OVERWRITE, VERIFY, TAKE_AWAY, WALKS };
static int links[WALKS];

static void load(const char *path, const char *pin)
{
	struct bpf_map *entries;

	/* It warns of what GCC puts into an object and does no harm. */
	libbpf_set_print(NULL);
	object = bpf_object__open_file(path, NULL);
	if (!object)
		die(path);
	entries = bpf_object__find_map_by_name(object, "entries");
	if (!entries || bpf_map__reuse_fd(entries, open_pin(pin)) || bpf_object__load(object))
		die("load");
	work_map = bpf_object__find_map_fd_by_name(object, "work");
	for (int i = 0; i < WALKS; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, names[i]);
		struct bpf_link *link = program ? bpf_program__attach_iter(program, NULL) : NULL;

		if (!link)
			die(names[i]);
		links[i] = bpf_link__fd(link);
	}
}

static void walk(enum walk which, int expected)
{
	const __u32 first = 0;
	char output[64];
	int walk;

	work.done = 0;
	if (bpf_map_update_elem(work_map, &first, &work, BPF_ANY))
		die("write what to do");
	walk = bpf_iter_create(links[which]);
	if (walk < 0)
		die("iterate");
	while (read(walk, output, sizeof(output)) > 0)
		;
	close(walk);
	if (bpf_map_lookup_elem(work_map, &first, &work))
		die("read what was done");
	if ((int)work.done == expected)
		return;
	fprintf(stderr, "walk_loop: %s: %llu of %d tasks\n", names[which], work.done, expected);
	exit(1);
}

/* A walk that changes each task, and one that looks whether it has. */
static double per_task(enum walk which)
{
	uint64_t begin = now_ns();

	walk(which, tasks);
	if (which != VERIFY)
		walk(VERIFY, which == TAKE_AWAY ? 0 : tasks);
	return (double)(now_ns() - begin) / tasks;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	work.cgroup = strtoull(argv[2], NULL, 10);
	tasks = atoi(argv[3]);
	load(argv[1], argv[4]);
	while (next_round()) {
		double create, overwrite, verify;

		memset(&work.value, 1, sizeof(work.value));
		create = per_task(CREATE);
		memset(&work.value, 2, sizeof(work.value));
		overwrite = per_task(OVERWRITE);
		verify = per_task(VERIFY);
		printf("create=%.1f overwrite=%.1f verify=%.1f delete=%.1f\n", create, overwrite, verify,
		       per_task(TAKE_AWAY));
	}
	return 0;
}
