/* What watch.bpf.c counts, for watch.c to print. */
struct seen {
	unsigned long long watched; /* a process */
	unsigned long long calls; /* of this process */
	unsigned long long changes; /* between two looks at the same call */
	unsigned long long torn; /* scalars of which the halves were of two versions */
	unsigned long long births;
	unsigned long long missing; /* births without a value */
	unsigned long long used; /* births with a count of another task in the field of programs */
};
