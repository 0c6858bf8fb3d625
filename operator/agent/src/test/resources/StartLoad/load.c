/* Starts tasks in a cgroup without end; each looks at its own entry as its first act.
 * load SHARED PIN CGROUP: until SHARED says stop. The entry begins with a u64, the version.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, PAUSE_US = 500, MOST_BYTES = 4096 };

static struct shared {
	/* The version that is surely in force, and the newest that may be. */
	_Atomic uint64_t surely, maybe;
	_Atomic uint64_t stop;
	_Atomic uint64_t starts, missing, wrong, failed;
	/* Of the last error: the version or errno that was seen, and what was allowed. */
	_Atomic uint64_t seen, from, to;
} *shared;

static const char *pin;
static unsigned int pidfd_flags;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void note(_Atomic uint64_t *count, uint64_t seen, uint64_t from, uint64_t to)
{
	(*count)++;
	shared->seen = seen;
	shared->from = from;
	shared->to = to;
}

/* Only system calls: a vforked child has its parent's memory. */
static void look(void)
{
	uint64_t value[MOST_BYTES / 8];
	union bpf_attr attr;
	int pidfd = syscall(SYS_pidfd_open, syscall(SYS_gettid), pidfd_flags);
	uint64_t from = shared->surely;
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uint64_t)(uintptr_t)pin;
	int map = bpf(BPF_OBJ_GET, &attr);
	int opened = errno;
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = map;
	attr.key = (uint64_t)(uintptr_t)&pidfd;
	attr.value = (uint64_t)(uintptr_t)value;
	int refused = bpf(BPF_MAP_LOOKUP_ELEM, &attr) ? errno : 0;
	uint64_t to = shared->maybe;
	syscall(SYS_close, map);
	syscall(SYS_close, pidfd);
	shared->starts++;
	if (map < 0 || pidfd < 0)
		note(&shared->failed, opened, from, to);
	else if (refused == ENOENT)
		note(&shared->missing, refused, from, to);
	else if (refused)
		note(&shared->failed, refused, from, to);
	else if (value[0] < from || value[0] > to)
		note(&shared->wrong, value[0], from, to);
}

static void *act(void *nothing)
{
	look();
	return nothing;
}

static void by_thread(void)
{
	pthread_t thread;
	if (!pidfd_flags)
		return;
	if (pthread_create(&thread, NULL, act, NULL))
		die("pthread_create");
	pthread_join(thread, NULL);
}

static void by_fork(void)
{
	pid_t child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		look();
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void __attribute__((noinline)) by_vfork(void)
{
	pid_t child = vfork();
	if (child < 0)
		die("vfork");
	if (!child) {
		look();
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void work(const char *cgroup)
{
	char procs[4200];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", cgroup);
	int fd = open(procs, O_WRONLY);
	if (fd < 0 || write(fd, "0", 1) != 1)
		die(procs);
	close(fd);
	while (!shared->stop) {
		by_fork();
		by_vfork();
		by_thread();
		usleep(PAUSE_US);
	}
	exit(0);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int fd = open(argv[1], O_RDWR);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		die(argv[1]);
	pin = argv[2];
	/* Before Linux 6.9 there is no pidfd of a thread, and no thread can ask for itself. */
	int thread = syscall(SYS_pidfd_open, getpid(), O_EXCL /* PIDFD_THREAD */);
	if (thread >= 0) {
		pidfd_flags = O_EXCL;
		close(thread);
	}
	int status, failed = 0;
	for (int worker = 0; worker < WORKERS; worker++)
		if (!fork())
			work(argv[3]);
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}
