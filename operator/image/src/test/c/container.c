// Runs a program as a container runtime does: in a root of its own, as a user, with these capabilities alone, and
// without a way to more. container ROOT UID CAPABILITIES_IN_HEX PROGRAM [ARGUMENT...]
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void must(int result, const char *what) {
  if (result == 0) return;
  fprintf(stderr, "container: %s: %s\n", what, strerror(errno));
  exit(125);
}

int main(int argc, char **argv) {
  if (argc < 5) return 125;
  uid_t user = (uid_t)strtoul(argv[2], NULL, 10);
  unsigned long long kept = strtoull(argv[3], NULL, 16);
  // Of all capabilities only those of the bounding set are left to uid 0 after the exec.
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
    if (!(kept >> capability & 1)) must(prctl(PR_CAPBSET_DROP, capability), "drop capability");
  must(chroot(argv[1]), "chroot");
  must(chdir("/"), "chdir");
  must(setgroups(0, NULL), "setgroups");
  must(setresgid(user, user, user), "setresgid");
  must(setresuid(user, user, user), "setresuid");
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges");
  execv(argv[4], argv + 4);
  must(-1, argv[4]);
}
