/* The ways in which a task starts. */
#include "race.h"
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { TIMES = 4 };

char image[PATH_BYTES];
char **path;

void die(const char *what)
{
	perror(what);
	exit(2);
}

static void failed(enum kind kind)
{
	shared->kind[kind].failed++;
	shared->errors++;
}

void enter(int cgroup)
{
	int procs = openat(FD_CGROUP + cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (procs < 0 || write(procs, "0", 1) != 1)
		die("write cgroup.procs");
	close(procs);
}

static void await(enum kind kind, pid_t child)
{
	if (child < 0 || waitpid(child, NULL, 0) != child)
		failed(kind);
}

struct first { enum kind kind; int cgroup; };

static void *act(void *first)
{
	look(((struct first *)first)->kind, ((struct first *)first)->cgroup);
	return NULL;
}

static void by_thread(int cgroup)
{
	struct first first = {THREAD, cgroup};
	pthread_t thread;
	if (pthread_create(&thread, NULL, act, &first))
		failed(THREAD);
	else
		pthread_join(thread, NULL);
}

static void by_fork(int cgroup)
{
	pid_t child = fork();
	if (!child) {
		look(FORK, cgroup);
		_exit(0);
	}
	await(FORK, child);
}

static void __attribute__((noinline)) by_vfork(int cgroup)
{
	pid_t child = vfork();
	if (!child) {
		look(VFORK, cgroup);
		_exit(0);
	}
	await(VFORK, child);
}

/* The grandchild's parent is gone; this process adopts it. */
static void by_double_fork(int cgroup)
{
	pid_t child = fork();
	if (!child) {
		if (!fork())
			look(DOUBLE_FORK, cgroup);
		_exit(0);
	}
	await(DOUBLE_FORK, child);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static void words(char *argv[5], enum kind kind, int cgroup, int times)
{
	static char text[3][16];
	snprintf(text[0], sizeof(text[0]), "%d", kind);
	snprintf(text[1], sizeof(text[1]), "%d", cgroup);
	snprintf(text[2], sizeof(text[2]), "%d", times);
	argv[0] = image;
	for (int i = 0; i < 3; i++)
		argv[i + 1] = text[i];
	argv[4] = NULL;
}

static void by_spawn(int cgroup)
{
	char *argv[5];
	pid_t child;
	words(argv, SPAWN, cgroup, 1);
	if (posix_spawn(&child, image, NULL, NULL, argv, environ))
		failed(SPAWN);
	else
		await(SPAWN, child);
}

static void *exec_again(void *argv)
{
	execv(image, argv);
	_exit(3);
}

/* The thread takes the place of the leader, and goes on as it. */
void exec_by_thread(int cgroup, int times)
{
	static char *argv[5];
	pthread_t thread;
	words(argv, EXEC_BY_THREAD, cgroup, times);
	if (pthread_create(&thread, NULL, exec_again, argv))
		_exit(3);
	for (;;)
		pause();
}

static void by_exec(int cgroup)
{
	int status;
	pid_t child = fork();
	if (!child)
		exec_by_thread(cgroup, TIMES);
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		failed(EXEC_BY_THREAD);
}

/* Inlined: the child of a CLONE_VFORK has this frame, so no call may have to return in it. */
static inline __attribute__((always_inline)) long clone3(struct clone_args *args)
{
#if defined(__x86_64__)
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"((long)SYS_clone3), "D"(args), "S"(sizeof(*args))
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long number __asm__("x8") = SYS_clone3;
	register long result __asm__("x0") = (long)args;
	register long size __asm__("x1") = sizeof(*args);
	__asm__ volatile("svc 0" : "+r"(result) : "r"(number), "r"(size) : "memory");
	return result;
#else
#error "write down how this machine calls the kernel"
#endif
}

static void __attribute__((noinline)) by_clone(enum kind kind, int cgroup, int folder)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | (kind == INTO_VFORK ? CLONE_VM | CLONE_VFORK : 0),
		.exit_signal = SIGCHLD,
		.cgroup = folder};
	pid_t child = clone3(&args);
	if (!child) {
		look(kind, cgroup);
		_exit(0);
	}
	await(kind, child);
}

static void by_into(int cgroup)
{
	by_clone(INTO, cgroup, FD_CGROUP + cgroup);
}

static void by_into_vfork(int cgroup)
{
	by_clone(INTO_VFORK, cgroup, FD_CGROUP + cgroup);
}

static void by_nested(int cgroup)
{
	static unsigned int count;
	char outer[PATH_BYTES + 64], inner[PATH_BYTES + 68];
	snprintf(outer, sizeof(outer), "%s/made-%d-%u", path[cgroup], getpid(), count++);
	snprintf(inner, sizeof(inner), "%s/in", outer);
	if (mkdir(outer, 0755) || mkdir(inner, 0755))
		die("mkdir");
	int folder = open(inner, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	by_clone(NESTED, cgroup, folder);
	close(folder);
	if (rmdir(inner) || rmdir(outer))
		die("rmdir");
}

static void by_move(int cgroup)
{
	pid_t child = fork();
	if (!child) {
		enter(cgroup);
		look(SELF_MOVE, cgroup);
		_exit(0);
	}
	await(SELF_MOVE, child);
}

void (*const start[LATER])(int cgroup) = {
	[FORK] = by_fork, [VFORK] = by_vfork, [SPAWN] = by_spawn, [THREAD] = by_thread,
	[DOUBLE_FORK] = by_double_fork, [INTO] = by_into, [INTO_VFORK] = by_into_vfork,
	[NESTED] = by_nested, [EXEC_BY_THREAD] = by_exec, [SELF_MOVE] = by_move};
