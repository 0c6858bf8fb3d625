/*
 * rescan_loop CGROUP VALUE_BYTES PIN...: one pass as the Rescan plane makes it when nothing has changed:
 * read cgroup.threads, then for every task open, look up and compare in each map, close. Prints
 * nanoseconds per task.
 */
#include "bench.h"

#define MAX_MAPS 64

int main(int argc, char **argv)
{
	int maps[MAX_MAPS], count = argc - 3, value_bytes;
	char path[4096], *value, *expected;

	if (count < 1 || count > MAX_MAPS)
		return 2;
	snprintf(path, sizeof(path), "%s/cgroup.threads", argv[1]);
	value_bytes = atoi(argv[2]);
	for (int i = 0; i < count; i++)
		maps[i] = open_pin(argv[3 + i]);
	value = calloc(1, value_bytes);
	expected = calloc(1, value_bytes);

	while (next_round()) {
		uint64_t begin = now_ns();
		long tasks = 0, found = 0, same = 0;
		FILE *threads = fopen(path, "r");
		int tid;

		if (!threads)
			die(path);
		while (fscanf(threads, "%d", &tid) == 1) {
			int fd = pidfd_open(tid, PIDFD_THREAD);

			if (fd < 0)
				continue;
			for (int i = 0; i < count; i++) {
				if (element(BPF_MAP_LOOKUP_ELEM, maps[i], fd, value, 0))
					continue;
				if (!found++)
					memcpy(expected, value, value_bytes);
				same += !memcmp(value, expected, value_bytes);
			}
			tasks++;
			close(fd);
		}
		fclose(threads);
		if (!tasks || same != tasks * count) {
			fprintf(stderr, "%ld of %ld values are there\n", same, tasks * count);
			return 1;
		}
		printf("pass=%.1f\n", (double)(now_ns() - begin) / tasks);
	}
	return 0;
}
