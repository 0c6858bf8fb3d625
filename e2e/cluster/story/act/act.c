/*
 * act: looks up what it carries as its first act, and has children and threads do the same.
 *
 *	act [NAME | load | end]
 *
 * The map's pin and what is expected are in the environment: PIN, TENANT and ROLE. It prints one line with counts.
 * As a container's own program, without a name, it waits to be ended then. With a name, which is in its line, it
 * ends at once, and fails if something is not as expected; what hooks, probes and kubectl exec run says so in the
 * container's log too. "act load", a container's own program as well, has children all the time until it is ended, and
 * prints what it has counted so far again and again. "act end" ends the container's own program.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILDREN 20

/* Linux 6.9 and newer: a pidfd of a thread that does not lead its process. */
#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

struct value {
	uint64_t tenant;
	uint32_t role;
	uint32_t padding;
};

/* Shared with the children. */
static struct counts {
	unsigned acts, missing, wrong, failed;
	struct value last_wrong;
	int last_error;
} *counts;

static struct value expected;
static const char *pin;

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int open_map(void)
{
	union bpf_attr attr = { .pathname = (uintptr_t)pin, .file_flags = BPF_F_RDONLY };

	return bpf(BPF_OBJ_GET, &attr);
}

/* A pidfd of the calling thread. Before Linux 6.9 there is none unless it leads its process. */
static int open_self(void)
{
	int tid = (int)syscall(SYS_gettid);
	int self = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);

	return self < 0 && errno == EINVAL ? (int)syscall(SYS_pidfd_open, tid, 0) : self;
}

static bool threads_can_look(void)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), PIDFD_THREAD);

	close(self);
	return self >= 0;
}

/* What the calling thread carries; 0, or an error's number. */
static int look_up(struct value *found)
{
	int map = open_map();
	int self = map < 0 ? -1 : open_self();
	int error = 0;

	if (self < 0) {
		error = errno == ENOENT ? ENXIO : errno; /* no pin is not no entry */
	} else {
		union bpf_attr attr = { .map_fd = map, .key = (uintptr_t)&self, .value = (uintptr_t)found };

		if (bpf(BPF_MAP_LOOKUP_ELEM, &attr))
			error = errno;
		close(self);
	}
	if (map >= 0)
		close(map);
	return error;
}

static void count(int error, const struct value *found)
{
	__sync_fetch_and_add(&counts->acts, 1);
	if (error == ENOENT) {
		__sync_fetch_and_add(&counts->missing, 1);
	} else if (error) {
		__sync_fetch_and_add(&counts->failed, 1);
		counts->last_error = error;
	} else if (found->tenant != expected.tenant || found->role != expected.role) {
		__sync_fetch_and_add(&counts->wrong, 1);
		counts->last_wrong = *found;
	}
}

static void *act(void *unused)
{
	struct value found = { 0 };
	int error = look_up(&found);

	(void)unused;
	count(error, &found);
	return NULL;
}

static uint64_t number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : 0;
}

static unsigned map_id(void)
{
	struct bpf_map_info info = { 0 };
	int map = open_map();
	union bpf_attr attr = { .info.bpf_fd = map, .info.info_len = sizeof(info), .info.info = (uintptr_t)&info };

	if (map < 0)
		return 0;
	bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
	close(map); /* Who waits for long must not keep a map that is removed. */
	return info.id;
}

static void have_children(void)
{
	bool threads = threads_can_look();

	for (int i = 0; i < CHILDREN; i++) {
		pthread_t thread;
		pid_t child = fork();

		if (child > 0)
			continue;
		if (child == 0)
			act(NULL);
		if (child < 0 ||
		    (threads && (pthread_create(&thread, NULL, act, NULL) || pthread_join(thread, NULL))))
			count(EAGAIN, NULL);
		if (child == 0)
			_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

static void tell(FILE *to, const char *as)
{
	fprintf(to,
		"{\"act\": \"%s\", \"map\": %u, \"acts\": %u, \"missing\": %u, \"wrong\": %u, \"failed\": %u, "
		"\"lastWrong\": \"%llu/%u\", \"lastError\": \"%s\"}\n",
		as, map_id(), counts->acts, counts->missing, counts->wrong, counts->failed,
		(unsigned long long)counts->last_wrong.tenant, counts->last_wrong.role,
		counts->last_error ? strerror(counts->last_error) : "");
	fflush(to);
}

static sigset_t block_end(void)
{
	sigset_t end;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	return end;
}

/* Children without an end; not so many that an emulated node does nothing else. */
static void load(void)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	sigset_t end = block_end();
	unsigned map = map_id();

	for (unsigned rounds = 1; sigtimedwait(&end, NULL, &pause) != SIGTERM; rounds++) {
		have_children();
		if (map_id() != map)
			count(ESTALE, NULL); /* It is another one. */
		if (rounds % 10 == 0)
			tell(stdout, "load");
	}
	tell(stdout, "end");
}

int main(int argc, char **argv)
{
	struct value found = { 0 };
	const char *as = argc > 1 ? argv[1] : "start";
	int error;

	if (argc > 1 && !strcmp(as, "end"))
		return kill(1, SIGTERM) != 0;
	pin = getenv("PIN");
	error = look_up(&found); /* The first act. */
	expected.tenant = number("TENANT");
	expected.role = number("ROLE");
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		return 2;
	count(error, &found);
	if (!strcmp(as, "load")) {
		load();
		return 0;
	}
	have_children();
	tell(stdout, as);
	if (argc == 1) {
		sigset_t end = block_end();
		int signal;

		sigwait(&end, &signal);
		return 0;
	}
	if (getpid() != 1) {
		FILE *log = fopen("/proc/1/fd/1", "a");

		if (!log)
			return 2;
		tell(log, as);
	}
	return counts->missing || counts->wrong || counts->failed;
}
