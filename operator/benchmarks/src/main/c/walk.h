/* What walk_loop.c and its programs share: element 0 of the array "work". */
#ifndef TASKSTORAGE_WALK_H
#define TASKSTORAGE_WALK_H

#include <linux/types.h>

struct words {
	__u64 words[3];
};

struct work {
	__u64 cgroup; /* whose tasks are meant */
	struct words value;
	__u64 done; /* tasks to which the walk did what it is for */
};

#endif
