/* What the test and the tasks that it starts have in common, and how a task judges its entries. */
#ifndef RACE_H
#define RACE_H
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdint.h>

/* What becomes of the row of each cgroup follows from its version alone: see has(). */
enum { FIRST, SECOND, PARTLY, INNER, STILL, FREE, CGROUPS };
enum { MAPS = 2, MOST_WORDS = 25, PROGRAM_WORD = 12, SAMPLES = 8 };

/* Descriptors that an exec'ed image finds open. */
enum { FD_SHARED = 100, FD_MAP = 101, FD_CGROUP = 110 };

enum kind {
	FORK, VFORK, SPAWN, THREAD, DOUBLE_FORK, INTO, INTO_VFORK, NESTED, EXEC_BY_THREAD, SELF_MOVE,
	LATER, KINDS
};

struct sample {
	uint64_t kind, cgroup, map, surely, maybe;
	int64_t error;
	uint64_t words[MOST_WORDS];
};

struct shared {
	/* The version of a row that is surely in force, and the newest that may be. */
	struct { _Atomic uint64_t surely, maybe; uint64_t room[6]; } row[CGROUPS];
	_Atomic uint64_t stop, errors, starts, target, samples, pidfd_flags;
	struct { _Atomic uint64_t starts, missing, wrong, stray, failed; } kind[KINDS];
	struct sample sample[SAMPLES];
};

extern struct shared *shared;

enum { PATH_BYTES = 4096 };

/* This program, and the folders of the cgroups. */
extern char image[PATH_BYTES];
extern char **path;

/* Starts a task in, or into, a cgroup, and waits for its end. */
extern void (*const start[LATER])(int cgroup);

/* Goes into a cgroup. */
void enter(int cgroup);

/* Another thread execs, as many times as that; this one does not return. */
void exec_by_thread(int cgroup, int times);

void die(const char *what);

/* Looks at the own entries; only system calls, for a vforked child has its parent's memory. */
void look(enum kind kind, int cgroup);

#endif
