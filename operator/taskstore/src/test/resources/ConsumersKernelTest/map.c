// The map of a consumer as libbpf wants it defined. The header is the one that the layout prints.
#include "tenant_ctx.h"

struct {
	int (*type)[29]; /* BPF_MAP_TYPE_TASK_STORAGE */
	int (*map_flags)[1]; /* BPF_F_NO_PREALLOC */
	int *key;
	struct tenant_ctx *value;
} tenant_ctx __attribute__((section(".maps"), used));

char LICENSE[] __attribute__((section("license"), used)) = "GPL";
