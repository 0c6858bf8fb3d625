/*
 * meter PIN...: the kernel's own statistics of pinned programs, which it keeps while this runs. Prints by
 * the name of the pin the nanoseconds of a run since the round before, 0 where there was none.
 */
#include "bench.h"

#define MAX_PROGRAMS 16

struct runs {
	uint64_t count, nanos;
};

static struct runs runs_of(int program)
{
	struct bpf_prog_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = program;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uint64_t)(uintptr_t)&info;
	if (syscall(__NR_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)))
		die("program info");
	return (struct runs){info.run_cnt, info.run_time_ns};
}

static void keep_statistics(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.enable_stats.type = BPF_STATS_RUN_TIME;
	/* On until the descriptor goes, with this process. */
	if ((int)syscall(__NR_bpf, BPF_ENABLE_STATS, &attr, sizeof(attr)) < 0)
		die("enable statistics");
}

int main(int argc, char **argv)
{
	struct runs before[MAX_PROGRAMS];
	int programs[MAX_PROGRAMS], count = argc - 1;

	if (count < 1 || count > MAX_PROGRAMS)
		return 2;
	keep_statistics();
	for (int i = 0; i < count; i++) {
		programs[i] = open_pin(argv[1 + i]);
		before[i] = runs_of(programs[i]);
	}
	while (next_round())
		for (int i = 0; i < count; i++) {
			struct runs now = runs_of(programs[i]);
			uint64_t runs = now.count - before[i].count;
			const char *name = strrchr(argv[1 + i], '/');

			printf("%s=%.1f%c", name ? name + 1 : argv[1 + i],
			       runs ? (double)(now.nanos - before[i].nanos) / runs : 0,
			       i + 1 < count ? ' ' : '\n');
			before[i] = now;
		}
	return 0;
}
