// SPDX-License-Identifier: Apache-2.0
//
// Prints the value that a task carries. Needs nothing but the kernel's headers: the pin is opened and
// read with bpf(2), and the task is named by a pidfd.
//
//   read_value PIN PID
//
// Exit codes: 0 printed, 1 failed, 2 wrong usage, 3 the task has no entry or is gone.
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tenant_ctx.h"

static long bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int failed(const char *operation, const char *object)
{
	fprintf(stderr, "%s %s: %s\n", operation, object, strerror(errno));
	return 1;
}

/* The struct above is only right for a map that was made with the same layout. */
static int has_our_size(int map)
{
	struct bpf_map_info info = {0};
	union bpf_attr attr = {0};

	attr.info.bpf_fd = map;
	attr.info.info_len = sizeof(info);
	attr.info.info = (unsigned long)&info;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
		return failed("map info", "of the pin"), 0;
	if (info.type == BPF_MAP_TYPE_TASK_STORAGE && info.value_size == sizeof(struct tenant_ctx))
		return 1;
	fprintf(stderr, "map info of the pin: its values have %u bytes, struct tenant_ctx has %zu: "
			"generate tenant_ctx.h again\n",
		info.value_size, sizeof(struct tenant_ctx));
	return 0;
}

int main(int argc, char **argv)
{
	struct tenant_ctx value;
	union bpf_attr attr;
	int map, task;

	if (argc != 3) {
		fprintf(stderr, "usage: %s PIN PID\n", argv[0]);
		return 2;
	}

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)argv[1];
	attr.file_flags = BPF_F_RDONLY;
	map = bpf(BPF_OBJ_GET, &attr);
	if (map < 0)
		return failed("open pin", argv[1]);
	if (!has_our_size(map))
		return 1;

	/* A task is a key by its pidfd. For a thread that leads no process: flags PIDFD_THREAD. */
	task = syscall(SYS_pidfd_open, atoi(argv[2]), 0);
	if (task < 0)
		return failed("open pidfd of", argv[2]);

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (unsigned long)&task;
	attr.value = (unsigned long)&value;
	if (bpf(BPF_MAP_LOOKUP_ELEM, &attr)) {
		if (errno != ENOENT)
			return failed("read value of", argv[2]);
		printf("task %s has no entry\n", argv[2]);
		return 3;
	}

	printf("task %s: tenant_id=%llu qos=%u app=%.*s hits=%u\n", argv[2],
	       (unsigned long long)value.tenant_id, value.qos, (int)sizeof(value.app), value.app,
	       value.hits);
	return 0;
}
