// SPDX-License-Identifier: Apache-2.0
//
// Attaches the programs of count.bpf.c to the agent's map and prints what they have counted, a block of lines
// with an empty one behind it, until SIGINT or SIGTERM; then once more.
//
//   count_by_value PIN [MILLISECONDS]
//
// Exit codes: 0 ended by a signal, 1 failed, 2 wrong usage.
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../quickstart/tenant_ctx.h"
#include "count.skel.h"
#include "counts.h"

static int failed(const char *operation, const char *object)
{
	fprintf(stderr, "%s %s: %s\n", operation, object, strerror(errno));
	return -1;
}

/*
 * Opens the pin, or fails: the map is the agent's to make. libbpf would make one of its own where the pin is
 * missing (LIBBPF_PIN_BY_NAME), and the agent would find a stranger in its place.
 */
static int open_map(const char *pin)
{
	struct bpf_map_info info = {0};
	__u32 length = sizeof(info);
	int map = bpf_obj_get(pin);

	if (map < 0)
		return failed("open pin", pin);
	if (bpf_obj_get_info_by_fd(map, &info, &length))
		return failed("map info of", pin);
	if (info.type == BPF_MAP_TYPE_TASK_STORAGE && info.value_size == sizeof(struct tenant_ctx))
		return map;
	fprintf(stderr, "open pin %s: not a map of struct tenant_ctx: generate tenant_ctx.h again\n", pin);
	close(map);
	return -1;
}

static struct count *try_to_attach(int map)
{
	struct count *programs = count__open();

	if (!programs)
		return NULL;
	if (!bpf_map__reuse_fd(programs->maps.tenant_ctx, map) && !count__load(programs) &&
	    !count__attach(programs))
		return programs;
	count__destroy(programs);
	return NULL;
}

/*
 * Programs on the agent's map, at work. libbpf warns of what GCC puts into an object and does no harm; so it is
 * asked to speak only once something has failed.
 */
static struct count *attach(int map)
{
	libbpf_print_fn_t speak = libbpf_set_print(NULL);
	struct count *programs = try_to_attach(map);

	libbpf_set_print(speak);
	return programs ? programs : try_to_attach(map);
}

static int print_counts(int counts)
{
	struct who key, next, *previous = NULL;
	struct counts counted;

	while (!bpf_map_get_next_key(counts, previous, &next)) {
		key = next;
		previous = &key;
		if (bpf_map_lookup_elem(counts, &key, &counted))
			return failed("read", "counts");
		printf("tenant_id=%llu qos=%llu: tasks=%llu execs=%llu calls=%llu\n", key.tenant_id, key.qos,
		       counted.tasks, counted.execs, counted.calls);
	}
	if (errno != ENOENT) /* the end of the keys */
		return failed("list", "counts");
	putchar('\n');
	fflush(stdout);
	return 0;
}

/* Prints at each period; the signals are blocked, and waited for here. */
static int report(int counts, long milliseconds, const sigset_t *ends)
{
	struct timespec period = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	while (sigtimedwait(ends, NULL, &period) < 0)
		if (print_counts(counts))
			return -1;
	return print_counts(counts);
}

int main(int argc, char **argv)
{
	long milliseconds = argc > 2 ? atol(argv[2]) : 1000;
	struct count *programs;
	sigset_t ends;
	int map, result;

	if (argc < 2 || argc > 3 || milliseconds < 1) {
		fprintf(stderr, "usage: %s PIN [MILLISECONDS]\n", argv[0]);
		return 2;
	}
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);

	map = open_map(argv[1]);
	if (map < 0)
		return 1;
	programs = attach(map);
	if (!programs) {
		close(map);
		return 1;
	}
	result = report(bpf_map__fd(programs->maps.counts), milliseconds, &ends);
	count__destroy(programs);
	close(map);
	return result ? 1 : 0;
}
