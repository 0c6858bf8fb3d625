/* Starts tasks in every way, in every cgroup; each looks at its own entries as its first act.
 * born SHARED MAP MAP CGROUP...: until SHARED says that there were enough, or that it is enough.
 * Run by itself as "born KIND CGROUP TIMES", it is the image of an exec.
 */
#include "race.h"
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const kind_name[KINDS] = {
	"fork", "vfork", "posix_spawn", "thread", "double-fork", "into-cgroup", "into-cgroup-vfork",
	"nested-cgroup", "exec-by-thread", "self-move", "later"};
static unsigned int dice;

static unsigned int roll(unsigned int sides)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return dice % sides;
}

/* In its cgroup for good: what is started here is born there. Of 1000: */
static const unsigned int inside_share[LATER] = {[THREAD] = 480, [VFORK] = 280, [FORK] = 120,
	[DOUBLE_FORK] = 90, [SPAWN] = 20, [EXEC_BY_THREAD] = 10};

/* In no cgroup that ever has a row: what is started here is born elsewhere, or goes there. */
static const unsigned int outside_share[LATER] = {[INTO_VFORK] = 550, [INTO] = 250,
	[NESTED] = 100, [SELF_MOVE] = 100};

/* Before Linux 6.9 there is no pidfd of a thread, and no thread can ask for itself. */
static int can_look(int kind)
{
	return kind != THREAD || shared->pidfd_flags;
}

static void start_any(const unsigned int share[LATER], int cgroup)
{
	unsigned int point = roll(1000);
	for (int kind = 0; kind < LATER; kind++) {
		if (point < share[kind]) {
			start[can_look(kind) ? kind : VFORK](cgroup);
			return;
		}
		point -= share[kind];
	}
}

static void work(int worker)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	dice = 2463534242u + 7919u * worker;
	int is_inside = worker < CGROUPS;
	enter(is_inside ? worker : FREE);
	while (!shared->stop && shared->starts < shared->target) {
		start_any(is_inside ? inside_share : outside_share, is_inside ? worker : (int)roll(CGROUPS));
		look(LATER, is_inside ? worker : FREE);
	}
	exit(0);
}

static void keep(int fd, int number)
{
	if (fd < 0 || dup2(fd, number) != number)
		die("open");
	close(fd);
}

static int open_pin(const char *pin)
{
	union bpf_attr attr;
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uint64_t)(uintptr_t)pin;
	return syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
}

static void map_shared(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, FD_SHARED, 0);
	if (shared == MAP_FAILED)
		die("mmap");
}

static void report(void)
{
	for (int i = 0; i < KINDS; i++)
		if (can_look(i))
			printf("%s %lu %lu %lu %lu %lu\n", kind_name[i], (unsigned long)shared->kind[i].starts,
			       (unsigned long)shared->kind[i].missing, (unsigned long)shared->kind[i].wrong,
			       (unsigned long)shared->kind[i].stray, (unsigned long)shared->kind[i].failed);
	for (unsigned int i = 0; i < shared->samples && i < SAMPLES; i++) {
		struct sample *s = &shared->sample[i];
		fprintf(stderr, "%s in %lu, map %lu, versions %lu to %lu: error %ld", kind_name[s->kind],
			(unsigned long)s->cgroup, (unsigned long)s->map, (unsigned long)s->surely,
			(unsigned long)s->maybe, (long)s->error);
		for (int word = 0; !s->error && word < (s->map ? 2 : MOST_WORDS); word++)
			fprintf(stderr, " %lx", (unsigned long)s->words[word]);
		fprintf(stderr, "\n");
	}
}

int main(int argc, char **argv)
{
	if (readlink("/proc/self/exe", image, PATH_BYTES - 1) < 0)
		die("readlink");
	if (argc == 4) {
		map_shared();
		int cgroup = atoi(argv[2]), left = atoi(argv[3]) - 1;
		look(atoi(argv[1]), cgroup);
		if (left > 0)
			exec_by_thread(cgroup, left);
		return 0;
	}
	if (argc != 4 + CGROUPS)
		return 2;
	keep(open(argv[1], O_RDWR), FD_SHARED);
	for (int map = 0; map < MAPS; map++)
		keep(open_pin(argv[2 + map]), FD_MAP + map);
	path = argv + 4;
	for (int cgroup = 0; cgroup < CGROUPS; cgroup++)
		keep(open(path[cgroup], O_RDONLY | O_DIRECTORY), FD_CGROUP + cgroup);
	map_shared();
	int thread = syscall(SYS_pidfd_open, getpid(), O_EXCL /* PIDFD_THREAD */);
	if (thread >= 0) {
		shared->pidfd_flags = O_EXCL;
		close(thread);
	}
	for (int worker = 0; worker <= CGROUPS; worker++)
		if (!fork())
			work(worker);
	while (wait(NULL) > 0)
		;
	report();
	return 0;
}
