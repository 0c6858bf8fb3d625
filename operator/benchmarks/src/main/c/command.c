/*
 * command COMMAND [ARGUMENT...]: runs it once a round with its output thrown away; wall time, processor
 * time in user and kernel mode of it and what it waited for, and its largest resident set, in bytes.
 */
#include "bench.h"
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

static uint64_t nanoseconds(struct timeval time)
{
	return time.tv_sec * 1000000000ull + time.tv_usec * 1000ull;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t silent;

	if (argc < 2)
		return 2;
	posix_spawn_file_actions_init(&silent);
	posix_spawn_file_actions_addopen(&silent, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&silent, 2, "/dev/null", O_WRONLY, 0);
	while (next_round()) {
		struct rusage used;
		uint64_t begin = now_ns();
		pid_t pid;
		int status;

		errno = posix_spawnp(&pid, argv[1], &silent, NULL, argv + 1, environ);
		if (errno || wait4(pid, &status, 0, &used) != pid)
			die(argv[1]);
		if (!WIFEXITED(status) || WEXITSTATUS(status)) {
			fprintf(stderr, "%s: exit code %d\n", argv[1], WEXITSTATUS(status));
			return 1;
		}
		printf("wall=%llu cpu=%llu memory=%llu\n", (unsigned long long)(now_ns() - begin),
		       (unsigned long long)(nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime)),
		       (unsigned long long)used.ru_maxrss * 1024);
	}
	return 0;
}
