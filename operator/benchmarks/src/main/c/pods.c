/*
 * pods ASSIGNMENTS MAP FOLDER: makes a cgroup below the folder for each name that it is sent, and prints the
 * nanoseconds from before that until mkdir(2) returned, and until the agent's table has a row for it. A process that
 * starts there then must have its entry in the map: that is what the row is for. Then it makes the cgroups of two
 * containers in it, as a runtime does. Who looks sleeps between looks: the agent wants the CPU.
 */
#include "bench.h"
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define VALUE_BYTES 65536
#define MAX_ROW_BYTES 512
#define LIMIT_NS 60000000000ull
#define LOOK_EVERY_US 50
#define CONTAINERS 2

/* A row has a slot and an epoch for each map. */
static unsigned int slots_of(int table)
{
	struct bpf_map_info info;
	union bpf_attr attr;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = table;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uint64_t)(uintptr_t)&info;
	if (syscall(__NR_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)))
		die("the table's info");
	if (info.key_size != sizeof(uint64_t) || info.value_size > MAX_ROW_BYTES) {
		fputs("pods: another table than that of assignments\n", stderr);
		exit(1);
	}
	return info.value_size / (2 * sizeof(uint32_t));
}

/* Whether there is a row for a cgroup that leads to a value. */
static int has_row(int table, unsigned int slots, uint64_t cgroup)
{
	uint32_t row[MAX_ROW_BYTES / sizeof(uint32_t)];
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = table;
	attr.key = (uint64_t)(uintptr_t)&cgroup;
	attr.value = (uint64_t)(uintptr_t)row;
	if (syscall(__NR_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr))) {
		if (errno != ENOENT)
			die("look up a cgroup");
		return 0;
	}
	for (unsigned int i = 0; i < slots; i++)
		if (row[i])
			return 1;
	return 0;
}

static void expect_entry(int map, const char *cgroup)
{
	static char value[VALUE_BYTES];
	struct clone_args args;
	int pidfd = -1, folder = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int found;
	pid_t child;

	if (folder < 0)
		die(cgroup);
	memset(&args, 0, sizeof(args));
	args.flags = CLONE_INTO_CGROUP | CLONE_PIDFD;
	args.pidfd = (uint64_t)(uintptr_t)&pidfd;
	args.exit_signal = SIGCHLD;
	args.cgroup = folder;
	child = syscall(__NR_clone3, &args, sizeof(args));
	if (child < 0)
		die("clone3");
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	found = !element(BPF_MAP_LOOKUP_ELEM, map, pidfd, value, 0);
	if (!found && errno != ENOENT)
		die("look up a new process");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(pidfd);
	close(folder);
	if (!found) {
		fputs("pods: a new process has no entry although there is a row\n", stderr);
		exit(1);
	}
}

static void make_containers(const char *pod)
{
	char path[4096];

	for (int i = 1; i <= CONTAINERS; i++) {
		snprintf(path, sizeof(path), "%s/cri-containerd-%064x.scope", pod, i);
		if (mkdir(path, 0755))
			die(path);
	}
}

int main(int argc, char **argv)
{
	char name[256], path[4096];
	int table, map;
	unsigned int slots;

	if (argc != 4)
		return 2;
	table = open_pin(argv[1]);
	slots = slots_of(table);
	map = open_pin(argv[2]);
	prctl(PR_SET_TIMERSLACK, 1);
	while (fgets(name, sizeof(name), stdin)) {
		uint64_t begin, made_after, taken;
		struct stat made;

		name[strcspn(name, "\n")] = 0;
		snprintf(path, sizeof(path), "%s/%s", argv[3], name);
		begin = now_ns();
		if (mkdir(path, 0755))
			die(path);
		made_after = now_ns() - begin;
		if (stat(path, &made))
			die(path);
		while (!has_row(table, slots, made.st_ino)) {
			if (now_ns() - begin > LIMIT_NS) {
				fprintf(stderr, "pods: %s: no row\n", name);
				return 1;
			}
			usleep(LOOK_EVERY_US);
		}
		taken = now_ns() - begin;
		expect_entry(map, path);
		make_containers(path);
		printf("mkdir=%llu row=%llu\n", (unsigned long long)made_after, (unsigned long long)taken);
		fflush(stdout);
	}
	return 0;
}
