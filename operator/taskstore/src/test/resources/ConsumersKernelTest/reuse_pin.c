// Loads an object that defines the map, lets libbpf reuse the pin, and prints one task's value.
//
//   reuse_pin OBJECT PIN PID
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int failed(const char *what) {
	fprintf(stderr, "%s: failed\n", what);
	return 1;
}

int main(int argc, char **argv) {
	struct bpf_map_info info = {0};
	unsigned int length = sizeof(info);

	if (argc != 4) return 2;
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
	if (!object) return failed("open");
	struct bpf_map *map = bpf_object__find_map_by_name(object, "tenant_ctx");
	if (!map || bpf_map__set_pin_path(map, argv[2])) return failed("set pin path");
	if (bpf_object__load(object)) return failed("load");
	if (bpf_obj_get_info_by_fd(bpf_map__fd(map), &info, &length)) return failed("info");

	unsigned char *value = calloc(1, info.value_size);
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(argv[3]), 0);
	if (!value || pidfd < 0) return failed("pidfd open");
	if (bpf_map_lookup_elem(bpf_map__fd(map), &pidfd, value)) return failed("lookup");
	printf("map %u value ", info.id);
	for (unsigned int i = 0; i < info.value_size; i++) printf("%02x", value[i]);
	printf("\n");
	free(value);
	close(pidfd);
	bpf_object__close(object);
	return 0;
}
