/*
 * pidfd_loop CGROUP VALUE_BYTES PIN: what a program of one's own would do to give every task of a cgroup its
 * value: read cgroup.threads, then for each task open, one call, close. Prints nanoseconds per task for
 * giving, changing, comparing and taking away.
 */
#include "bench.h"

#define MAX_VALUE_BYTES 65536

static char cgroup_threads[4096], value[MAX_VALUE_BYTES], found[MAX_VALUE_BYTES];
static int map, value_bytes;

static int store(int pidfd)
{
	return element(BPF_MAP_UPDATE_ELEM, map, pidfd, value, BPF_ANY);
}

static int compare(int pidfd)
{
	return element(BPF_MAP_LOOKUP_ELEM, map, pidfd, found, 0) || memcmp(found, value, value_bytes);
}

static int delete(int pidfd)
{
	return element(BPF_MAP_DELETE_ELEM, map, pidfd, NULL, 0);
}

static double per_task(const char *what, int (*call)(int pidfd))
{
	uint64_t begin = now_ns();
	FILE *threads = fopen(cgroup_threads, "r");
	int tid, tasks = 0;

	if (!threads)
		die(cgroup_threads);
	while (fscanf(threads, "%d", &tid) == 1) {
		int pidfd = pidfd_open(tid, PIDFD_THREAD);

		if (pidfd < 0 || call(pidfd))
			die(what);
		close(pidfd);
		tasks++;
	}
	fclose(threads);
	return (double)(now_ns() - begin) / tasks;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	snprintf(cgroup_threads, sizeof(cgroup_threads), "%s/cgroup.threads", argv[1]);
	value_bytes = atoi(argv[2]);
	if (value_bytes < 1 || value_bytes > MAX_VALUE_BYTES)
		return 2;
	map = open_pin(argv[3]);
	while (next_round()) {
		double create, overwrite, verify;

		memset(value, 1, value_bytes);
		create = per_task("create", store);
		memset(value, 2, value_bytes);
		overwrite = per_task("overwrite", store);
		verify = per_task("verify", compare);
		printf("create=%.1f overwrite=%.1f verify=%.1f delete=%.1f\n", create, overwrite, verify,
		       per_task("delete", delete));
	}
	return 0;
}
