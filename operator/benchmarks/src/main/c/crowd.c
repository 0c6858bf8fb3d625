/* crowd THREADS CGROUP: moves into the cgroup, starts sleeping threads, says "ready", ends with its input. */
#include "bench.h"
#include <pthread.h>

static void *sleep_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	char path[4096];
	pthread_attr_t attr;
	FILE *procs;

	if (argc != 3)
		return 2;
	snprintf(path, sizeof(path), "%s/cgroup.procs", argv[2]);
	procs = fopen(path, "w");
	if (!procs || fprintf(procs, "0") < 0 || fclose(procs))
		die(path);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 32768);
	for (int i = 1; i < atoi(argv[1]); i++) {
		pthread_t thread;
		int error = pthread_create(&thread, &attr, sleep_for_ever, NULL);

		if (error) {
			errno = error;
			die("pthread_create");
		}
	}
	puts("ready");
	while (next_round())
		;
	return 0;
}
