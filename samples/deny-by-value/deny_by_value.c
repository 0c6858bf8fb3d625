// SPDX-License-Identifier: Apache-2.0
//
// Attaches the program of deny.bpf.c to the agent's map, and sees that the kernel asks it. Says "denying" then, and
// how often it was asked and has denied once SIGINT or SIGTERM ends it; from then on nothing is denied.
//
//   deny_by_value PIN
//
// Exit codes: 0 ended by a signal, 1 failed, 2 wrong usage.
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answers.h"
#include "deny.skel.h"
#include "net_trust.h"

#define HOOK "lsm/socket_connect"

static int failed(const char *operation, const char *object, const char *cause, const char *mend)
{
	fprintf(stderr, "%s %s: %s: %s\n", operation, object, cause, mend);
	return -1;
}

/*
 * Opens the pin, or fails: the map is the agent's to make. libbpf would make one of its own where the pin is
 * missing (LIBBPF_PIN_BY_NAME), and the agent would find a stranger in its place.
 */
static int open_map(const char *pin)
{
	struct bpf_map_info info = {0};
	__u32 length = sizeof(info);
	int map = bpf_obj_get(pin);

	if (map < 0)
		return failed("open pin", pin, strerror(errno), "run as root beside an agent that has this map");
	if (!bpf_obj_get_info_by_fd(map, &info, &length) && info.type == BPF_MAP_TYPE_TASK_STORAGE &&
	    info.value_size == sizeof(struct net_trust))
		return map;
	close(map);
	return failed("open pin", pin, "not a map of struct net_trust", "generate net_trust.h again");
}

/* How often the program gave this answer. */
static __u64 counted(struct deny *program, __u32 answer)
{
	__u64 times = 0;

	bpf_map_lookup_elem(bpf_map__fd(program->maps.answers), &answer, &times);
	return times;
}

/*
 * Whether the kernel asks the program. It attaches all the same where BPF is not among the security modules that
 * were started; nobody would be denied then, and nobody told. So this process asks for something once, itself.
 */
static int is_asked(struct deny *program)
{
	struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
	int any = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (any < 0)
		return 0;
	connect(any, &nowhere, sizeof(nowhere));
	close(any);
	return counted(program, ASKED) > 0;
}

static struct deny *try_to_attach(int map)
{
	struct deny *program = deny__open();
	int refusal;

	if (!program)
		return NULL;
	if (!bpf_map__reuse_fd(program->maps.net_trust, map) && !deny__load(program) && !deny__attach(program))
		return program;
	refusal = errno;
	deny__destroy(program);
	errno = refusal;
	return NULL;
}

/* Why the program was refused, and how to mend it; 0 if only the words of libbpf can tell. */
static int is_told(int refusal)
{
	switch (refusal) {
	case EPERM:
		failed("attach program", HOOK, strerror(refusal),
		       "run as root, on a machine that lets root load programs of LSM hooks");
		return 1;
	case ESRCH:
		failed("attach program", HOOK, "the kernel has no such hook for BPF programs",
		       "use one with CONFIG_BPF_LSM=y");
		return 1;
	default:
		return 0;
	}
}

/*
 * The program on the agent's map, at work; NULL if it is refused, which is told. libbpf warns of what GCC puts into
 * an object and does no harm; so it is asked to speak only once something has failed that needs its words.
 */
static struct deny *attach(int map)
{
	libbpf_print_fn_t speak = libbpf_set_print(NULL);
	struct deny *program = try_to_attach(map);
	int refusal = errno;

	libbpf_set_print(speak);
	if (!program && is_told(refusal))
		return NULL;
	if (!program)
		program = try_to_attach(map);
	if (!program) {
		failed("attach program", HOOK, strerror(errno), "the lines above say why");
		return NULL;
	}
	if (is_asked(program))
		return program;
	deny__destroy(program);
	failed("attach program", HOOK, "the kernel does not ask BPF programs",
	       "boot it with \"bpf\" at the end of the list lsm=");
	return NULL;
}

int main(int argc, char **argv)
{
	struct deny *program;
	sigset_t ends;
	int map;

	if (argc != 2) {
		fprintf(stderr, "usage: %s PIN\n", argv[0]);
		return 2;
	}
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);

	map = open_map(argv[1]);
	if (map < 0)
		return 1;
	program = attach(map);
	close(map);
	if (!program)
		return 1;
	puts("denying");
	fflush(stdout);
	sigwaitinfo(&ends, NULL);
	printf("asked=%llu denied=%llu\n", counted(program, ASKED), counted(program, DENIED));
	deny__destroy(program);
	return 0;
}
