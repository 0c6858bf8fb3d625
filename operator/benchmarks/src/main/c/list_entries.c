/* list_entries PIN VALUE_BYTES: every thread of the system that has an entry, as "tid hex" lines. */
#include "bench.h"
#include <ctype.h>
#include <dirent.h>

static int map, value_bytes;
static unsigned char *value;

static void list_thread(int tid)
{
	int fd = pidfd_open(tid, PIDFD_THREAD);

	if (fd < 0)
		return;
	if (!element(BPF_MAP_LOOKUP_ELEM, map, fd, value, 0)) {
		printf("%d ", tid);
		for (int i = 0; i < value_bytes; i++)
			printf("%02x", value[i]);
		putchar('\n');
	}
	close(fd);
}

int main(int argc, char **argv)
{
	DIR *proc = opendir("/proc");
	struct dirent *process, *thread;
	char path[64];

	if (argc != 3 || !proc)
		return 2;
	map = open_pin(argv[1]);
	value_bytes = atoi(argv[2]);
	value = calloc(1, value_bytes);
	while ((process = readdir(proc))) {
		DIR *task;

		if (!isdigit((unsigned char)process->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/task", process->d_name);
		task = opendir(path);
		if (!task)
			continue;
		while ((thread = readdir(task)))
			if (isdigit((unsigned char)thread->d_name[0]))
				list_thread(atoi(thread->d_name));
		closedir(task);
	}
	return 0;
}
