// SPDX-License-Identifier: Apache-2.0
//
// Prints the value of every thread of a process, with libbpf. Every thread is a task and has an entry
// of its own.
//
//   read_threads PIN PID
//
// Exit codes: 0 printed, 1 failed, 2 wrong usage.
#include <bpf/bpf.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../quickstart/tenant_ctx.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL /* linux/pidfd.h, since 6.9 */
#endif

static int open_map(const char *pin)
{
	LIBBPF_OPTS(bpf_obj_get_opts, options, .file_flags = BPF_F_RDONLY);
	struct bpf_map_info info = {0};
	__u32 length = sizeof(info);
	int map = bpf_obj_get_opts(pin, &options);

	if (map < 0) {
		fprintf(stderr, "open pin %s: %s\n", pin, strerror(errno));
		return -1;
	}
	if (bpf_obj_get_info_by_fd(map, &info, &length) || info.type != BPF_MAP_TYPE_TASK_STORAGE ||
	    info.value_size != sizeof(struct tenant_ctx)) {
		fprintf(stderr, "open pin %s: not a map of struct tenant_ctx\n", pin);
		close(map);
		return -1;
	}
	return map;
}

static void print_task(int map, int tid)
{
	struct tenant_ctx value;
	int task = syscall(SYS_pidfd_open, tid, PIDFD_THREAD);

	if (task < 0) /* ended since its folder was read, or a kernel older than 6.9 */
		return;
	if (bpf_map_lookup_elem(map, &task, &value) == 0)
		printf("task %d: tenant_id=%llu qos=%u app=%.*s hits=%u\n", tid,
		       (unsigned long long)value.tenant_id, value.qos, (int)sizeof(value.app),
		       value.app, value.hits);
	else
		printf("task %d: no entry\n", tid);
	close(task);
}

int main(int argc, char **argv)
{
	char folder[64];
	struct dirent *thread;
	DIR *threads;
	int map;

	if (argc != 3) {
		fprintf(stderr, "usage: %s PIN PID\n", argv[0]);
		return 2;
	}
	map = open_map(argv[1]);
	if (map < 0)
		return 1;
	snprintf(folder, sizeof(folder), "/proc/%d/task", atoi(argv[2]));
	threads = opendir(folder);
	if (!threads) {
		fprintf(stderr, "open %s: %s\n", folder, strerror(errno));
		return 1;
	}
	while ((thread = readdir(threads)))
		if (isdigit((unsigned char)thread->d_name[0]))
			print_task(map, atoi(thread->d_name));
	closedir(threads);
	close(map);
	return 0;
}
