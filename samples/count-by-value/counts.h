/* What the BPF programs count, and for whom: shared with the program that prints it. */
#ifndef COUNTS_H
#define COUNTS_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* Widened to 64 bits each: a key of a hash must have no padding. */
struct who {
	__u64 tenant_id;
	__u64 qos;
};

struct counts {
	__u64 tasks; /* that were born */
	__u64 execs;
	__u64 calls; /* of the system */
};

#endif
