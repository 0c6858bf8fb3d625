/* element_loop PIN VALUE_BYTES OPERATIONS: lookup, update and pidfd_open on one task, per operation. */
#include "bench.h"

int main(int argc, char **argv)
{
	int map, pidfd, value_bytes, operations;
	char *value;

	if (argc != 4)
		return 2;
	map = open_pin(argv[1]);
	value_bytes = atoi(argv[2]);
	operations = atoi(argv[3]);
	value = calloc(1, value_bytes);
	pidfd = pidfd_open(getpid(), 0);
	if (pidfd < 0)
		die("pidfd_open");
	if (element(BPF_MAP_UPDATE_ELEM, map, pidfd, value, BPF_ANY))
		die("update");

	while (next_round()) {
		uint64_t begin = now_ns(), lookup, update, open;

		for (int i = 0; i < operations; i++)
			if (element(BPF_MAP_LOOKUP_ELEM, map, pidfd, value, 0))
				die("lookup");
		lookup = now_ns() - begin;

		begin = now_ns();
		for (int i = 0; i < operations; i++)
			if (element(BPF_MAP_UPDATE_ELEM, map, pidfd, value, BPF_ANY))
				die("update");
		update = now_ns() - begin;

		begin = now_ns();
		for (int i = 0; i < operations; i++) {
			int fd = pidfd_open(getpid(), 0);

			if (fd < 0)
				die("pidfd_open");
			close(fd);
		}
		open = now_ns() - begin;
		printf("lookup=%.1f update=%.1f pidfd_open+close=%.1f\n", (double)lookup / operations,
		       (double)update / operations, (double)open / operations);
	}
	return 0;
}
