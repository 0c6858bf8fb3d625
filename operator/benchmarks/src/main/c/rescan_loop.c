/*
 * rescan_loop PIN CGROUP VALUE_BYTES: one pass as the Rescan plane makes it when nothing has changed:
 * read cgroup.threads, then open, look up, compare and close for every task. Prints nanoseconds per task.
 */
#include "bench.h"

int main(int argc, char **argv)
{
	int map, value_bytes;
	char path[4096], *value, *expected;

	if (argc != 4)
		return 2;
	map = open_pin(argv[1]);
	snprintf(path, sizeof(path), "%s/cgroup.threads", argv[2]);
	value_bytes = atoi(argv[3]);
	value = calloc(1, value_bytes);
	expected = calloc(1, value_bytes);

	while (next_round()) {
		uint64_t begin = now_ns();
		long tasks = 0, same = 0;
		FILE *threads = fopen(path, "r");
		int tid;

		if (!threads)
			die(path);
		while (fscanf(threads, "%d", &tid) == 1) {
			int fd = pidfd_open(tid, PIDFD_THREAD);

			if (fd < 0)
				continue;
			if (!element(BPF_MAP_LOOKUP_ELEM, map, fd, value, 0)) {
				if (!tasks)
					memcpy(expected, value, value_bytes);
				same += !memcmp(value, expected, value_bytes);
				tasks++;
			}
			close(fd);
		}
		fclose(threads);
		if (!tasks || same != tasks) {
			fprintf(stderr, "%ld of %ld tasks hold the value\n", same, tasks);
			return 1;
		}
		printf("pass=%.1f\n", (double)(now_ns() - begin) / tasks);
	}
	return 0;
}
