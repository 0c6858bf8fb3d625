// Makes real tasks for tests. Reads one command per line from standard input, "verb slot word number
// text", and answers each with one line: "ok ..." or "error ERRNO meaning". Ends all it made when its
// input ends.
#include "tasks.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

struct region *region;
int region_fd;
char program[4096];

static pid_t driver;
static int next_slot;

static char state_of(pid_t pid, pid_t tid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return 0;
  text[length] = 0;
  char *comm_end = strrchr(text, ')');
  return comm_end ? comm_end[2] : 0;
}

static int is_dead(struct slot *slot) {
  char state = state_of(slot->pid, slot->tid);
  return state == 0 || state == 'Z' || state == 'X';
}

// Everything below the driver ends with it: children are killed, their orphans come here, and so on.
static void end_all(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", driver);
  for (;;) {
    FILE *children = fopen(path, "re");
    if (!children) _exit(72);
    int pid, found = 0;
    while (fscanf(children, "%d", &pid) == 1) found += kill(pid, SIGKILL) == 0;
    fclose(children);
    if (!found) return;
    if (waitpid(-1, NULL, 0) < 0) return;
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  }
}

static void end_if_alone(void) {
  struct pollfd input = {.fd = 0};
  if (poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR))) {
    end_all();
    _exit(73);
  }
}

static int wait_while(struct slot *slot, uint32_t turn) {
  struct timespec second = {.tv_sec = 1};
  for (int waited = 0; atomic_load(&slot->turn) == turn; waited++) {
    futex_wait(&slot->turn, turn, &second);
    if (atomic_load(&slot->turn) != turn) break;
    if (turn == POSTED && is_dead(slot)) return ESRCH;
    if (waited >= LIMIT_SECONDS) return ETIMEDOUT;
    end_if_alone();
  }
  return 0;
}

static int until_gone(struct slot *slot) {
  struct timespec moment = {.tv_nsec = 100000};
  for (int64_t waited = 0; waited < LIMIT_SECONDS * 10000; waited++) {
    char state = state_of(slot->pid, slot->tid);
    if (state == 0 || (state == 'Z' && slot->pid == slot->tid)) return 0;
    nanosleep(&moment, NULL);
  }
  return ETIMEDOUT;
}

static int until_process_exited(pid_t pid) {
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (pidfd < 0) return errno == ESRCH ? 0 : errno;
  struct pollfd exited = {.fd = pidfd, .events = POLLIN};
  int ready = poll(&exited, 1, LIMIT_SECONDS * 1000);
  close(pidfd);
  return ready == 1 ? 0 : ETIMEDOUT;
}

static int post(struct slot *slot, enum op op, int64_t a, int64_t b, int64_t c) {
  if (atomic_load(&slot->turn) != READY) return slot->suspended_by ? EBUSY : ESRCH;
  if (is_dead(slot)) return ESRCH;
  slot->op = op;
  slot->arg[0] = a;
  slot->arg[1] = b;
  slot->arg[2] = c;
  turn_to(slot, POSTED);
  return 0;
}

static int call(struct slot *slot, enum op op, int64_t a, int64_t b, int64_t c) {
  int error = post(slot, op, a, b, c);
  if (!error) error = wait_while(slot, POSTED);
  return error ? error : slot->error;
}

// A vfork child lets its parent go when it execs or ends: the parent is ready again after that.
static int resume_parent_of(int child) {
  for (int index = 0; index < next_slot; index++) {
    struct slot *parent = &region->slots[index];
    if (parent->suspended_by != child + 1) continue;
    parent->suspended_by = 0;
    return wait_while(parent, POSTED);
  }
  return 0;
}

static void release(int index) {
  atomic_store(&region->slots[index].turn, FREE);
}

static void release_process(pid_t pid, int except) {
  for (int index = 0; index < next_slot; index++)
    if (index != except && region->slots[index].pid == pid) release(index);
}

static int reserve(int count) {
  int run = 0;
  for (int index = 0; index < SLOTS; index++) {
    run = atomic_load(&region->slots[index].turn) == FREE ? run + 1 : 0;
    if (run < count) continue;
    int first = index + 1 - count;
    memset(&region->slots[first], 0, (size_t)count * sizeof(struct slot));
    for (int i = first; i <= index; i++) atomic_store(&region->slots[i].turn, UNBORN);
    if (next_slot <= index) next_slot = index + 1;
    return first;
  }
  return -1;
}

static int do_spawn(int index, enum kind kind, int count) {
  int first = reserve(count);
  if (first < 0) return ENOSPC;
  int error;
  if (index == DRIVER) {
    error = kind == THREAD || kind == VFORK ? EINVAL : spawn(kind, first, count);
  } else {
    struct slot *parent = &region->slots[index];
    if (kind == VFORK) parent->suspended_by = first + 1;
    error = kind == VFORK ? post(parent, SPAWN, kind, first, count)
                          : call(parent, SPAWN, kind, first, count);
    if (kind == VFORK && error) parent->suspended_by = 0;
  }
  for (int i = first; !error && i < first + count; i++)
    error = wait_while(&region->slots[i], UNBORN);
  if (error) {
    for (int i = first; i < first + count; i++)
      if (atomic_load(&region->slots[i].turn) == UNBORN) release(i);
    return error;
  }
  fputs("ok", stdout);
  for (int i = first; i < first + count; i++)
    printf(" %d:%d:%d", i, region->slots[i].tid, region->slots[i].pid);
  putchar('\n');
  return 0;
}

static int do_exec(int index) {
  struct slot *slot = &region->slots[index];
  int leader = index;
  for (int i = 0; slot->tid != slot->pid && i < next_slot; i++) {
    struct slot *other = &region->slots[i];
    if (atomic_load(&other->turn) != FREE && other->tid == slot->pid) leader = i;
  }
  struct slot *image = &region->slots[leader];
  uint32_t before = atomic_load(&image->turn);
  if (leader != index) atomic_store(&image->turn, UNBORN);
  int error = post(slot, EXEC, leader, 0, 0);
  struct timespec moment = {.tv_nsec = 10000000};
  uint32_t pending = leader == index ? POSTED : UNBORN;
  for (int waited = 0; !error && atomic_load(&image->turn) == pending; waited++) {
    if (leader != index && atomic_load(&slot->turn) == READY) error = slot->error;
    else futex_wait(&image->turn, pending, &moment);
    if (waited > LIMIT_SECONDS * 100) error = ETIMEDOUT;
  }
  if (!error && leader == index) error = slot->error;
  if (error) {
    if (leader != index) atomic_store(&image->turn, before);
    return error;
  }
  release_process(image->pid, leader);
  return resume_parent_of(leader);
}

static int do_exit(int index, const char *how, int status) {
  struct slot *slot = &region->slots[index];
  int error;
  if (!strcmp(how, "thread")) {
    error = post(slot, EXIT_THREAD, 0, 0, 0);
    if (!error) error = until_gone(slot);
    if (!error && slot->tid != slot->pid) release(index);
  } else if (!strcmp(how, "kill")) {
    error = kill(slot->pid, SIGKILL) ? errno : until_process_exited(slot->pid);
  } else {
    error = post(slot, EXIT, status, 0, 0);
    if (!error) error = until_process_exited(slot->pid);
  }
  return error ? error : resume_parent_of(index);
}

static int do_reap(int index) {
  struct slot *slot = &region->slots[index];
  pid_t pid = slot->pid, parent = 0;
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *status = fopen(path, "re");
  if (!status) return ESRCH;
  while (fgets(line, sizeof line, status)) sscanf(line, "PPid: %d", &parent);
  fclose(status);
  int error = ECHILD;
  if (parent == driver) {
    pid_t reaped = waitpid(pid, NULL, WNOHANG);
    error = reaped < 0 ? errno : reaped == 0 ? EBUSY : 0;
  } else {
    for (int i = 0; error == ECHILD && i < next_slot; i++) {
      struct slot *candidate = &region->slots[i];
      if (atomic_load(&candidate->turn) == READY && candidate->pid == parent && !is_dead(candidate))
        error = call(candidate, REAP, slot->parent_view, 0, 0);
    }
  }
  if (!error) release_process(pid, -1);
  return error;
}

static int command(char *line) {
  char verb[16] = "", word[16] = "";
  int index = 0, number = 0, rest = 0;
  if (sscanf(line, "%15s %d %15s %d %n", verb, &index, word, &number, &rest) < 4) return EINVAL;
  if (index < DRIVER || index >= next_slot) return EINVAL;
  struct slot *slot = index == DRIVER ? NULL : &region->slots[index];
  snprintf(region->text, sizeof region->text, "%s", line + rest);
  if (!strcmp(verb, "spawn")) {
    static const char *const kinds[] = {"fork", "vfork", "thread", "into", "pidns"};
    for (int kind = FORK; kind <= PIDNS; kind++)
      if (!strcmp(word, kinds[kind])) return do_spawn(index, (enum kind)kind, number);
    return EINVAL;
  }
  int error = EINVAL;
  if (!slot || atomic_load(&slot->turn) == FREE) return ESRCH;
  if (!strcmp(verb, "exec")) error = do_exec(index);
  if (!strcmp(verb, "exit")) error = do_exit(index, word, number);
  if (!strcmp(verb, "reap")) error = do_reap(index);
  if (!strcmp(verb, "move")) error = call(slot, MOVE, 0, 0, 0);
  if (!strcmp(verb, "rename")) error = call(slot, RENAME, 0, 0, 0);
  if (!strcmp(verb, "connect")) error = call(slot, CONNECT, number, 0, 0);
  if (!error) puts("ok");
  return error;
}

static int map_region(void) {
  region = mmap(NULL, sizeof *region, PROT_READ | PROT_WRITE, MAP_SHARED, region_fd, 0);
  return region == MAP_FAILED ? errno : 0;
}

int main(int argc, char **argv) {
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length < 0) return 74;
  if (argc == 4 && !strcmp(argv[1], "--serve")) {
    region_fd = atoi(argv[2]);
    if (map_region()) return 75;
    serve(atoi(argv[3]), 0);
  }
  // Not closed by exec: the new image finds the region by this number.
  region_fd = memfd_create("tasks", 0);
  if (region_fd < 0 || ftruncate(region_fd, sizeof *region) || map_region()) return 76;
  driver = getpid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  printf("ok %d\n", driver);
  fflush(stdout);
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    int error = command(line);
    if (error) printf("error %s %s\n", strerrorname_np(error), strerror(error));
    fflush(stdout);
  }
  end_all();
  return 0;
}
