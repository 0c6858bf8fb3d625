/*
 * starts CGROUP STARTS: moves into the cgroup, onto one CPU, and starts processes and threads there, each
 * to its end. Prints the mean nanoseconds of a start by kind. A round's line says what has to be in force,
 * and nothing is measured unless it is:
 *
 *   tagged PIN    a new process has an entry in this map
 *   untagged PIN  it has none
 *   nothing       it has none any more in the map of the round before: its programs are gone
 */
#include "bench.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#define LIMIT_NS 10000000000ull

static void *end_at_once(void *unused)
{
	return unused;
}

static void start_by_fork(void)
{
	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (!child)
		_exit(0);
	if (waitpid(child, NULL, 0) != child)
		die("waitpid");
}

static void start_by_vfork(void)
{
	pid_t child = vfork();

	if (child < 0)
		die("vfork");
	if (!child)
		_exit(0);
	if (waitpid(child, NULL, 0) != child)
		die("waitpid");
}

static void start_thread(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, end_at_once, NULL);

	if (!error)
		error = pthread_join(thread, NULL);
	if (error) {
		errno = error;
		die("thread");
	}
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * The mean of the quickest nine tenths: what others interrupt falls out, what every third start pays for
 * the allocator does not. A tenth more of them comes first and does not count: caches are another state's.
 */
static double mean_ns(void (*start)(void), uint64_t *taken, int starts)
{
	int counted = starts - starts / 10;
	double sum = 0;

	for (int i = 0; i < starts / 10 + 1; i++)
		start();
	for (int i = 0; i < starts; i++) {
		uint64_t begin = now_ns();

		start();
		taken[i] = now_ns() - begin;
	}
	qsort(taken, starts, sizeof(*taken), by_size);
	for (int i = 0; i < counted; i++)
		sum += taken[i];
	return sum / counted;
}

static int has_entry(int map, void *value)
{
	pid_t child = fork();
	int pidfd, found;

	if (child < 0)
		die("fork");
	if (!child)
		for (;;)
			pause();
	pidfd = pidfd_open(child, 0);
	if (pidfd < 0)
		die("pidfd_open");
	found = !element(BPF_MAP_LOOKUP_ELEM, map, pidfd, value, 0);
	if (!found && errno != ENOENT)
		die("look up a new process");
	close(pidfd);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return found;
}

static void expect(int map, int wanted, void *value)
{
	if (has_entry(map, value) == wanted)
		return;
	fprintf(stderr, "starts: a new process has %s entry\n", wanted ? "no" : "an");
	exit(1);
}

/* The kernel detaches programs in its own time after their pins have gone. */
static void await_end(int map, void *value)
{
	uint64_t limit = now_ns() + LIMIT_NS;

	while (has_entry(map, value) && now_ns() < limit)
		usleep(1000);
	expect(map, 0, value);
}

static void enter(const char *cgroup)
{
	char path[4096];
	cpu_set_t cpus;
	FILE *procs;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	procs = fopen(path, "w");
	if (!procs || fprintf(procs, "0") < 0 || fclose(procs))
		die(path);
	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
}

int main(int argc, char **argv)
{
	char line[4200], pin[4096], value[65536];
	int starts, map = -1;
	uint64_t *taken;

	if (argc != 3)
		return 2;
	enter(argv[1]);
	starts = atoi(argv[2]);
	taken = calloc(starts, sizeof(*taken));
	while (fgets(line, sizeof(line), stdin)) {
		int tagged = sscanf(line, "tagged %4095s", pin) == 1;
		double by_fork, by_vfork, thread;

		if (tagged || sscanf(line, "untagged %4095s", pin) == 1) {
			if (map >= 0)
				close(map);
			map = open_pin(pin);
			expect(map, tagged, value);
		} else if (map >= 0) {
			await_end(map, value);
			close(map);
			map = -1;
		}
		by_fork = mean_ns(start_by_fork, taken, starts);
		by_vfork = mean_ns(start_by_vfork, taken, starts);
		thread = mean_ns(start_thread, taken, starts);
		printf("fork=%.1f vfork=%.1f thread=%.1f\n", by_fork, by_vfork, thread);
		fflush(stdout);
	}
	return 0;
}
