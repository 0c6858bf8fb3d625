// A consumer that is not root: what it may do with a pin of 8-byte values.
//
//   consume PIN PID [OTHER]
//
// Opens the pin for reading and reads the task's value; then for both, and adds one to it. With OTHER
// it pins what it opened for reading at that path, opens that for both, and adds one to the value.
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_pin(const char *path, uint32_t flags) {
  union bpf_attr attr = {.pathname = (uintptr_t)path, .file_flags = flags};
  return (int)syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof attr);
}

static int element(int command, int map, int task, uint64_t *value) {
  union bpf_attr attr = {
      .map_fd = (uint32_t)map, .key = (uintptr_t)&task, .value = (uintptr_t)value};
  return (int)syscall(SYS_bpf, command, &attr, sizeof attr);
}

static void read_value(int map, int task, uint64_t *value) {
  if (map < 0 || element(BPF_MAP_LOOKUP_ELEM, map, task, value)) {
    printf("read: %s\n", strerror(errno));
  } else {
    printf("read: %llu\n", (unsigned long long)*value);
  }
}

static void add_one(const char *pin, int task, uint64_t *value) {
  int map = open_pin(pin, 0);
  ++*value;
  if (map < 0 || element(BPF_MAP_UPDATE_ELEM, map, task, value)) {
    printf("write: %s\n", strerror(errno));
  } else {
    printf("write: %llu\n", (unsigned long long)*value);
  }
}

int main(int count, char **words) {
  if (count != 3 && count != 4) return 2;
  uint64_t value = 0;
  int task = (int)syscall(SYS_pidfd_open, atoi(words[2]), 0);
  int map = open_pin(words[1], BPF_F_RDONLY);
  read_value(map, task, &value);
  if (count == 3) {
    add_one(words[1], task, &value);
    return 0;
  }
  union bpf_attr attr = {.pathname = (uintptr_t)words[3], .bpf_fd = (uint32_t)map};
  if (syscall(SYS_bpf, BPF_OBJ_PIN, &attr, sizeof attr)) {
    printf("pin: %s\n", strerror(errno));
  } else {
    add_one(words[3], task, &value);
  }
  return 0;
}
