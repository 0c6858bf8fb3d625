/* What the C side of every comparison shares: raw system calls, a clock, and the round protocol. */
#ifndef TASKSTORAGE_BENCH_H
#define TASKSTORAGE_BENCH_H

#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD 0x80
#endif

static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static inline int open_pin(const char *path)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uint64_t)(uintptr_t)path;
	fd = syscall(__NR_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
	if (fd < 0)
		die(path);
	return fd;
}

static inline int element(int cmd, int map, int pidfd, void *value, uint64_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uint64_t)(uintptr_t)&pidfd;
	if (cmd != BPF_MAP_DELETE_ELEM) {
		attr.value = (uint64_t)(uintptr_t)value;
		attr.flags = flags;
	}
	return syscall(__NR_bpf, cmd, &attr, sizeof(attr));
}

static inline int pidfd_open(int tid, unsigned int flags)
{
	return syscall(__NR_pidfd_open, tid, flags);
}

/* One line in = one round; the answer is one line of "name=nanoseconds" pairs. */
static inline int next_round(void)
{
	char line[64];

	fflush(stdout);
	return fgets(line, sizeof(line), stdin) != NULL;
}

#endif
