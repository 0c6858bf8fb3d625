/* first_act PIN KIND COUNT: sets a value on itself, then starts COUNT children one after another; each looks its own
 * entry up before it does anything else. Prints how many found the value. */
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD 0200
#endif

static const unsigned long long value[2] = {42, 43};
static int map;

static long element(int command, int pidfd, void *bytes)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (unsigned long)&pidfd;
	attr.value = (unsigned long)bytes;
	return syscall(SYS_bpf, command, &attr, sizeof(attr));
}

static int has_value(void)
{
	unsigned long long found[2] = {0, 0};
	pid_t tid = syscall(SYS_gettid);
	int pidfd = syscall(SYS_pidfd_open, tid, PIDFD_THREAD);

	/* Before 6.9 there is no such flag, and only processes can be opened. */
	if (pidfd < 0 && tid == getpid())
		pidfd = syscall(SYS_pidfd_open, tid, 0);
	int has = element(BPF_MAP_LOOKUP_ELEM, pidfd, found) == 0 && !memcmp(found, value, sizeof(value));

	close(pidfd);
	return has;
}

static void *thread(void *has)
{
	*(int *)has = has_value();
	return NULL;
}

static int start(const char *kind)
{
	if (!strcmp(kind, "thread")) {
		pthread_t child;
		int has = 0;

		if (pthread_create(&child, NULL, thread, &has))
			return 0;
		pthread_join(child, NULL);
		return has;
	}
	int status = -1;
	pid_t child = strcmp(kind, "vfork") ? fork() : vfork();

	if (child == 0)
		_exit(has_value() ? 0 : 1);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
	union bpf_attr attr;
	int count, found = 0;

	if (argc != 4)
		return 2;
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)argv[1];
	map = syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
	if (map < 0) {
		perror(argv[1]);
		return 1;
	}
	int self = syscall(SYS_pidfd_open, getpid(), 0);

	if (element(BPF_MAP_UPDATE_ELEM, self, (void *)value)) {
		perror("update");
		return 1;
	}
	count = atoi(argv[3]);
	for (int i = 0; i < count; i++)
		found += start(argv[2]);
	printf("%d of %d\n", found, count);
	return 0;
}
