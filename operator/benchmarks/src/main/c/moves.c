/*
 * moves MAP THREADS other|itself HERE THERE: a process of so many sleeping threads, moved to and fro between two
 * cgroups, by this program, or by a thread of its own that does not lead it. Of an entry in HERE the first word is 1,
 * in THERE 2. Says "ready" when each thread has its value. A round is a move; it prints, in nanoseconds from the
 * begin of the write to cgroup.procs:
 *
 *   write        until the write returned
 *   last         until every thread had the value of its new cgroup
 *   after        the same from when the write returned; 0 where it was so by then
 *   1, 2 …       until this thread had it, where the threads are few
 *
 * Who looks sleeps between looks: the agent wants the CPU.
 */
#include "bench.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define MAX_THREADS 1000
#define FEW_THREADS 16
#define VALUE_BYTES 65536
#define LIMIT_NS 60000000000ull
#define LOOK_EVERY_US 50

struct shared {
	int tids[MAX_THREADS];
	uint64_t begin, end; /* of the write */
};

static struct shared *shared;
static int threads, map;
static int procs[2]; /* of HERE and THERE */
static int command[2], answer[2]; /* pipes, to and from the process that is moved */
static int pidfds[MAX_THREADS];
static uint64_t seen[MAX_THREADS];
static pthread_barrier_t all;

static int open_procs(const char *cgroup)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

static void move(int to, int pid)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", pid);

	shared->begin = now_ns();
	if (write(procs[to], text, size) != size)
		die("move");
	shared->end = now_ns();
}

static void *sleep_for_ever(void *number)
{
	shared->tids[(intptr_t)number] = syscall(SYS_gettid);
	pthread_barrier_wait(&all);
	for (;;)
		pause();
	return NULL;
}

/* Moves its process whenever it is told to. */
static void *move_at_command(void *number)
{
	char to;

	shared->tids[(intptr_t)number] = syscall(SYS_gettid);
	pthread_barrier_wait(&all);
	while (read(command[0], &to, 1) == 1) {
		move(to, 0);
		if (write(answer[1], &to, 1) != 1)
			die("answer");
	}
	return NULL;
}

static void be_moved(int itself)
{
	pthread_attr_t attr;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	move(0, 0);
	pthread_barrier_init(&all, NULL, threads);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 32768);
	for (intptr_t i = 1; i < threads; i++) {
		pthread_t thread;
		int error = pthread_create(&thread, &attr, itself && i == 1 ? move_at_command : sleep_for_ever,
					   (void *)i);

		if (error) {
			errno = error;
			die("pthread_create");
		}
	}
	shared->tids[0] = syscall(SYS_gettid);
	pthread_barrier_wait(&all);
	if (write(answer[1], "", 1) != 1)
		die("answer");
	for (;;)
		pause();
}

static void await_answer(void)
{
	char to;

	if (read(answer[0], &to, 1) != 1)
		die("the process that is moved");
}

static int has(int thread, uint64_t value)
{
	static uint64_t found[VALUE_BYTES / sizeof(uint64_t)];

	if (!element(BPF_MAP_LOOKUP_ELEM, map, pidfds[thread], found, 0))
		return found[0] == value;
	if (errno != ENOENT)
		die("look up a thread");
	return 0;
}

/*
 * Looks at each of a few threads again and again. Of many only at one at a time that has not its value yet, the
 * youngest first, which is the last that a sweep comes to.
 */
static uint64_t await_all(uint64_t value)
{
	uint64_t last = 0, limit = now_ns() + LIMIT_NS;
	int left = threads;

	memset(seen, 0, sizeof(seen));
	for (;;) {
		for (int i = threads; i-- > 0;) {
			if (seen[i])
				continue;
			if (has(i, value)) {
				seen[i] = last = now_ns();
				left--;
			} else if (threads > FEW_THREADS) {
				break;
			}
		}
		if (!left)
			return last;
		if (now_ns() > limit) {
			fprintf(stderr, "moves: %d of %d threads did not get their value\n", left, threads);
			exit(1);
		}
		usleep(LOOK_EVERY_US);
	}
}

static void make_ready(void)
{
	await_answer();
	for (int i = 0; i < threads; i++) {
		/* Where there are no pidfds of threads, a process of one will do. */
		pidfds[i] = pidfd_open(shared->tids[i], threads == 1 ? 0 : PIDFD_THREAD);
		if (pidfds[i] < 0)
			die("pidfd_open");
	}
	await_all(1);
	puts("ready");
}

static void round_of(int to, pid_t pid, int itself)
{
	char byte = to;
	uint64_t last;

	if (!itself)
		move(to, pid);
	else if (write(command[1], &byte, 1) != 1)
		die("command");
	last = await_all(to + 1);
	if (itself)
		await_answer();
	printf("write=%llu last=%llu after=%llu", (unsigned long long)(shared->end - shared->begin),
	       (unsigned long long)(last - shared->begin),
	       (unsigned long long)(last > shared->end ? last - shared->end : 0));
	for (int i = 0; i < threads && threads <= FEW_THREADS; i++)
		printf(" %d=%llu", i + 1, (unsigned long long)(seen[i] - shared->begin));
	puts("");
}

int main(int argc, char **argv)
{
	int itself, to = 1;
	pid_t pid;

	if (argc != 6)
		return 2;
	threads = atoi(argv[2]);
	itself = !strcmp(argv[3], "itself");
	if (threads < 1 + itself || threads > MAX_THREADS)
		return 2;
	map = open_pin(argv[1]);
	procs[0] = open_procs(argv[4]);
	procs[1] = open_procs(argv[5]);
	prctl(PR_SET_TIMERSLACK, 1);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || pipe(command) || pipe(answer))
		die("prepare");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		be_moved(itself);
	close(answer[1]);
	make_ready();
	for (; next_round(); to = 1 - to)
		round_of(to, pid, itself);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
