// Attaches the programs of an object to the agent's map until SIGTERM; then prints what they have counted.
//
//   watch OBJECT PIN PID
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "seen.h"

static int failed(const char *what)
{
	perror(what);
	return 1;
}

int main(int argc, char **argv)
{
	struct bpf_link *links[2] = {0};
	struct bpf_object *object;
	struct bpf_program *program;
	struct seen seen = {0};
	unsigned int zero = 0;
	int map, counts, signal, count = 0;
	sigset_t end;

	if (argc != 4)
		return 2;
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	seen.watched = strtoul(argv[3], NULL, 10);
	map = bpf_obj_get(argv[2]);
	if (map < 0)
		return failed("open pin");
	object = bpf_object__open_file(argv[1], NULL);
	if (!object)
		return failed("open object");
	if (bpf_map__reuse_fd(bpf_object__find_map_by_name(object, "tenant_ctx"), map))
		return failed("reuse map");
	if (bpf_object__load(object))
		return failed("load");
	counts = bpf_map__fd(bpf_object__find_map_by_name(object, "seen"));
	if (bpf_map_update_elem(counts, &zero, &seen, BPF_ANY))
		return failed("write counts");
	bpf_object__for_each_program(program, object) {
		links[count] = bpf_program__attach(program);
		if (!links[count++])
			return failed("attach");
	}
	puts("attached");
	fflush(stdout);
	sigwait(&end, &signal);
	while (count > 0)
		bpf_link__destroy(links[--count]);
	if (bpf_map_lookup_elem(counts, &zero, &seen))
		return failed("read counts");
	printf("calls %llu changes %llu torn %llu births %llu missing %llu used %llu\n", seen.calls, seen.changes,
	       seen.torn, seen.births, seen.missing, seen.used);
	bpf_object__close(object);
	return 0;
}
