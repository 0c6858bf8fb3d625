/* A task looks at its own entries and judges them. */
#include "race.h"
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum source { NONE, OWN, ABOVE };

struct range { uint64_t surely, maybe; };

struct shared *shared;

static int words(int map)
{
	return map ? 2 : MOST_WORDS;
}

/* Where a cgroup has the entries of a map from, at a version of its row. */
static enum source has(int cgroup, uint64_t version, int map)
{
	switch (cgroup) {
	case FREE:
		return NONE;
	case PARTLY:
		return version >> map & 1 ? OWN : NONE;
	case INNER:
		return version % 3 ? OWN : ABOVE;
	default:
		return OWN;
	}
}

static int may_be(int cgroup, struct range range, int map, enum source source)
{
	for (uint64_t v = range.surely; v <= range.maybe; v++)
		if (has(cgroup, v, map) == source)
			return 1;
	return 0;
}

static int is_right(uint64_t word, int cgroup, struct range range, int map, int i)
{
	uint64_t version = word & 0xffffffff;
	uint64_t expected = (uint64_t)(cgroup + 1) << 56 | (uint64_t)map << 48 | (uint64_t)i << 32;
	return word == (expected | version) && version >= range.surely && version <= range.maybe &&
	       has(cgroup, version, map) == OWN;
}

static long lookup(int map, int *pidfd, uint64_t *value)
{
	union bpf_attr attr;
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = FD_MAP + map;
	attr.key = (uint64_t)(uintptr_t)pidfd;
	attr.value = (uint64_t)(uintptr_t)value;
	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) ? errno : 0;
}

static void note(enum kind kind, int cgroup, int map, struct range range, long error,
		 const uint64_t *value)
{
	shared->errors++;
	uint64_t at = shared->samples++;
	if (at >= SAMPLES)
		return;
	struct sample *sample = &shared->sample[at];
	sample->kind = kind;
	sample->cgroup = cgroup;
	sample->map = map;
	sample->surely = range.surely;
	sample->maybe = range.maybe;
	sample->error = error;
	memcpy(sample->words, value, 8 * words(map));
}

/* Each word by itself: while a row changes, an entry may have words of both versions. */
static void judge(enum kind kind, int cgroup, int map, struct range own, struct range above,
		  long error, const uint64_t *value)
{
	int may_above = cgroup == INNER && may_be(cgroup, own, map, ABOVE);
	if (error == ENOENT) {
		if (may_be(cgroup, own, map, NONE))
			return;
		shared->kind[kind].missing++;
	} else if (error) {
		shared->kind[kind].failed++;
	} else if (!may_above && !may_be(cgroup, own, map, OWN)) {
		shared->kind[kind].stray++;
	} else {
		int right = 1;
		for (int i = 0; i < words(map); i++) {
			if (map == 0 && i == PROGRAM_WORD)
				right &= value[i] == 0;
			else
				right &= is_right(value[i], cgroup, own, map, i) ||
					 (may_above && is_right(value[i], FIRST, above, map, i));
		}
		if (right)
			return;
		shared->kind[kind].wrong++;
	}
	note(kind, cgroup, map, own, error, value);
}

static struct range before(int cgroup)
{
	return (struct range){.surely = shared->row[cgroup].surely};
}

void look(enum kind kind, int cgroup)
{
	uint64_t value[MAPS][MOST_WORDS];
	long error[MAPS];
	int pidfd = syscall(SYS_pidfd_open, syscall(SYS_gettid), shared->pidfd_flags);
	if (pidfd < 0) {
		shared->kind[kind].failed++;
		shared->errors++;
		return;
	}
	struct range own = before(cgroup), above = before(FIRST);
	for (int map = 0; map < MAPS; map++)
		error[map] = lookup(map, &pidfd, value[map]);
	own.maybe = shared->row[cgroup].maybe;
	above.maybe = shared->row[FIRST].maybe;
	syscall(SYS_close, pidfd);
	for (int map = 0; map < MAPS; map++)
		judge(kind, cgroup, map, own, above, error[map], value[map]);
	shared->kind[kind].starts++;
	if (kind != LATER)
		shared->starts++;
}
