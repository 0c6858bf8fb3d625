// What a task does itself.
#include "tasks.h"

#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

// <sched.h> and <linux/sched.h> both define the flags: this is all that is needed of the former.
int clone(int (*start)(void *), void *stack, int flags, void *arg, ...);

enum { STACK = 65536 };

static void *thread_main(void *index) {
  serve((int)(intptr_t)index, 1);
  return NULL;
}

static int vfork_main(void *index) {
  serve((int)(intptr_t)index, 0);
  return 0;
}

static int spawn_thread(int index) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int error = pthread_create(&thread, &attributes, thread_main, (void *)(intptr_t)index);
  pthread_attr_destroy(&attributes);
  return error;
}

// The caller sleeps here until the child execs or exits; the driver hears of the child from its slot.
static int spawn_vfork(int index) {
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) return errno;
  pid_t *parent_view = &region->slots[index].parent_view;
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD;
  int pid = clone(vfork_main, stack + STACK, flags, (void *)(intptr_t)index, parent_view);
  int error = pid < 0 ? errno : 0;
  munmap(stack, STACK);
  return error;
}

static int spawn_process(int index, enum kind kind) {
  struct clone_args args = {.flags = CLONE_PARENT_SETTID, .exit_signal = SIGCHLD};
  args.parent_tid = (uintptr_t)&region->slots[index].parent_view;
  int cgroup = -1;
  if (kind == INTO) {
    cgroup = open(region->text, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (cgroup < 0) return errno;
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = (uint64_t)cgroup;
  }
  if (kind == PIDNS) args.flags |= CLONE_NEWPID;
  pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
  int error = pid < 0 ? errno : 0;
  if (cgroup >= 0) close(cgroup);
  if (pid == 0) {
    // The driver's pipes end with the driver.
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nothing, 0);
    dup2(nothing, 1);
    close(nothing);
    serve(index, 0);
  }
  return error;
}

int spawn(enum kind kind, int first, int count) {
  for (int index = first; index < first + count; index++) {
    int error = kind == THREAD  ? spawn_thread(index)
                : kind == VFORK ? spawn_vfork(index)
                                : spawn_process(index, kind);
    if (error) return error;
  }
  return 0;
}

static int exec_into(int index) {
  char fd[16], slot[16];
  snprintf(fd, sizeof fd, "%d", region_fd);
  snprintf(slot, sizeof slot, "%d", index);
  char *argv[] = {program, "--serve", fd, slot, NULL};
  execv(program, argv);
  return errno;
}

static int move(void) {
  int file = open(region->text, O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  int error = write(file, "0", 1) == 1 ? 0 : errno;
  close(file);
  return error;
}

static int reap(pid_t child) {
  pid_t reaped = waitpid(child, NULL, WNOHANG);
  return reaped < 0 ? errno : reaped == 0 ? EBUSY : 0;
}

// By TCP, to a port of this machine. The connection ends at once.
static int connect_to(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return errno;
  int error = connect(peer, (struct sockaddr *)&address, sizeof address) ? errno : 0;
  close(peer);
  return error;
}

static int act(struct slot *self) {
  switch ((enum op)self->op) {
    case SPAWN: return spawn((enum kind)self->arg[0], (int)self->arg[1], (int)self->arg[2]);
    case EXEC: return exec_into((int)self->arg[0]);
    case EXIT: _exit((int)self->arg[0]);
    case REAP: return reap((pid_t)self->arg[0]);
    case MOVE: return move();
    case RENAME: return prctl(PR_SET_NAME, region->text) ? errno : 0;
    case CONNECT: return connect_to((uint16_t)self->arg[0]);
    case EXIT_THREAD: break;
  }
  return ENOSYS;
}

// /proc is that of the first namespace: it knows this task by the number that the test knows.
static void identify(struct slot *self) {
  char link[64] = "";
  if (readlink("/proc/thread-self", link, sizeof link - 1) < 0 ||
      sscanf(link, "%d/task/%d", &self->pid, &self->tid) != 2)
    _exit(71);
}

void serve(int index, int is_pthread) {
  struct slot *self = &region->slots[index];
  identify(self);
  self->error = 0;
  turn_to(self, READY);
  for (;;) {
    uint32_t turn;
    while ((turn = atomic_load(&self->turn)) != POSTED) futex_wait(&self->turn, turn, NULL);
    if (self->op == EXIT_THREAD) {
      if (is_pthread) return;
      syscall(SYS_exit, 0);
    }
    self->error = act(self);
    turn_to(self, READY);
  }
}

