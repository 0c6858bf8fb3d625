/* Starts tasks that look at their own entry as the first thing they do, and counts what they see.
 * born PIN CGROUP NUMBER SHARED STARTS: goes into the cgroup first. The value has two words: the
 * version of the row and the number of the cgroup. SHARED has two words: the version that is surely
 * in force, and the one that may be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct version { _Atomic uint64_t surely, maybe; };
struct count { _Atomic uint64_t right, missing, wrong, failed; };

static struct version *version;
static struct count *count;
static uint64_t number;
static int map, folder, kinds = 5;
/* PIDFD_THREAD; before Linux 6.9 there is none, and no thread can ask for itself. */
static int pidfd_flags = O_EXCL;

/* Only system calls, for a vforked child has its parent's memory. */
static void look(uint64_t surely)
{
	uint64_t value[2] = {0, 0};
	int pidfd = syscall(SYS_pidfd_open, syscall(SYS_gettid), pidfd_flags);
	if (pidfd < 0) {
		count->failed++;
		return;
	}
	union bpf_attr attr;
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uint64_t)(uintptr_t)&pidfd;
	attr.value = (uint64_t)(uintptr_t)value;
	long result = syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr));
	uint64_t maybe = version->maybe;
	syscall(SYS_close, pidfd);
	if (result)
		count->missing++;
	else if (value[1] != number || value[0] < surely || value[0] > maybe)
		count->wrong++;
	else
		count->right++;
}

static void *thread(void *surely)
{
	look((uint64_t)(uintptr_t)surely);
	return NULL;
}

static pid_t into_cgroup(void)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = folder};
	return syscall(SYS_clone3, &args, sizeof(args));
}

static void start(int kind)
{
	uint64_t surely = version->surely;
	pid_t child;
	pthread_t started;
	switch (kind) {
	case 0:
		child = fork();
		break;
	case 1:
		child = vfork();
		break;
	case 2:
		child = into_cgroup();
		break;
	case 3: /* A grandchild, whose parent is gone. */
		child = fork();
		if (!child)
			child = fork() ? -2 : 0;
		if (child == -2) {
			while (wait(NULL) > 0)
				;
			_exit(0);
		}
		break;
	default:
		if (pthread_create(&started, NULL, thread, (void *)(uintptr_t)surely))
			count->failed++;
		else
			pthread_join(started, NULL);
		return;
	}
	if (child == 0) {
		look(surely);
		_exit(0);
	}
	if (child < 0)
		count->failed++;
	else
		waitpid(child, NULL, 0);
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int open_pin(const char *path)
{
	union bpf_attr attr;
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uint64_t)(uintptr_t)path;
	return syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	map = open_pin(argv[1]);
	folder = open(argv[2], O_RDONLY | O_DIRECTORY);
	int procs = openat(folder, "cgroup.procs", O_WRONLY);
	int shared = open(argv[4], O_RDONLY);
	if (map < 0 || folder < 0 || procs < 0 || shared < 0)
		die("open");
	if (write(procs, "0", 1) != 1)
		die("write cgroup.procs");
	number = strtoull(argv[3], NULL, 10);
	version = mmap(NULL, sizeof(*version), PROT_READ, MAP_SHARED, shared, 0);
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (version == MAP_FAILED || count == MAP_FAILED)
		die("mmap");
	if (syscall(SYS_pidfd_open, getpid(), pidfd_flags) < 0) {
		pidfd_flags = 0;
		kinds = 4;
	}
	long starts = strtol(argv[5], NULL, 10);
	for (long i = 0; i < starts; i++)
		start(i % kinds);
	printf("right=%lu missing=%lu wrong=%lu failed=%lu\n", (unsigned long)count->right,
	       (unsigned long)count->missing, (unsigned long)count->wrong, (unsigned long)count->failed);
	return 0;
}
