// The region that the driver and every task share, and how they take turns in it.
//
// A task, thread or process, sleeps on the futex of its own slot, so that 10,000 of them cost no
// descriptor and no wakeup. What the driver posts in a slot, the task does itself, in its own context,
// and answers there. A task that execs maps the region again and goes on serving.
#ifndef TASKS_H
#define TASKS_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 65536, LIMIT_SECONDS = 60, DRIVER = -1 };
enum turn { FREE, UNBORN, READY, POSTED };
enum op { SPAWN, EXEC, EXIT, EXIT_THREAD, REAP, MOVE, RENAME, CONNECT };
enum kind { FORK, VFORK, THREAD, INTO, PIDNS };

struct slot {
  _Atomic uint32_t turn;
  pid_t tid, pid;     // as /proc numbers them, whatever namespace the task is in
  pid_t parent_view;  // as the parent numbers it
  int suspended_by;   // slot + 1 of the vfork child that this task waits for
  int op, error;
  int64_t arg[3];
};

struct region {
  char text[4096];  // a path or a name; one command runs at a time
  struct slot slots[SLOTS];
};

extern struct region *region;
extern int region_fd;
extern char program[4096];

static inline void futex_wait(_Atomic uint32_t *word, uint32_t while_value,
                              const struct timespec *limit) {
  syscall(SYS_futex, word, FUTEX_WAIT, while_value, limit, NULL, 0);
}

static inline void turn_to(struct slot *slot, uint32_t turn) {
  atomic_store(&slot->turn, turn);
  syscall(SYS_futex, &slot->turn, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

// Takes over the calling task; returns only in a pthread that was told to end.
void serve(int index, int is_pthread);

// Makes tasks below the caller, one per slot from first on. Returns an errno.
int spawn(enum kind kind, int first, int count);

#endif
