// A caller of bpf(2) that is somebody else than the test: another user, another umask, at the limit of its descriptors.
//
//   caller UID UMASK pidfd PID
//   caller UID UMASK create BTF_FILE KEY_SIZE VALUE_SIZE      types 1 and 2; BTF is loaded before the change of user
//   caller UID UMASK create-at-limit BTF_FILE KEY_SIZE VALUE_SIZE
//   caller UID UMASK pin PATH                                 the map is made before the change of user
//   caller UID UMASK get PATH FILE_FLAGS
//   caller UID UMASK lookup|update|delete PATH FILE_FLAGS PID  values of 8 bytes
//
// Prints the errno of the last call, 0 if it worked.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(int command, union bpf_attr *attr) {
  return syscall(SYS_bpf, command, attr, sizeof *attr);
}

static int load_btf(const char *path) {
  static char bytes[65536];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = read(file, bytes, sizeof bytes);
  close(file);
  union bpf_attr attr = {.btf = (uintptr_t)bytes, .btf_size = size > 0 ? (uint32_t)size : 0};
  return (int)bpf(BPF_BTF_LOAD, &attr);
}

static long create(int btf, const char *key_size, const char *value_size) {
  union bpf_attr attr = {
      .map_type = BPF_MAP_TYPE_TASK_STORAGE,
      .key_size = (uint32_t)atoi(key_size),
      .value_size = (uint32_t)atoi(value_size),
      .map_flags = BPF_F_NO_PREALLOC,
      .map_name = "contract",
      .btf_fd = (uint32_t)btf,
      .btf_key_type_id = 1,
      .btf_value_type_id = 2,
  };
  return bpf(BPF_MAP_CREATE, &attr);
}

static int array(void) {
  union bpf_attr attr = {
      .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  return (int)bpf(BPF_MAP_CREATE, &attr);
}

static long object(int command, const char *path, int fd, const char *flags) {
  union bpf_attr attr = {
      .pathname = (uintptr_t)path, .bpf_fd = (uint32_t)fd, .file_flags = (uint32_t)atoi(flags)};
  return bpf(command, &attr);
}

static long element(int command, int map, const char *pid) {
  int key = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
  if (key < 0) return key;
  uint64_t value = 0x6e6f626f6479;
  union bpf_attr attr = {.map_fd = (uint32_t)map, .key = (uintptr_t)&key};
  if (command != BPF_MAP_DELETE_ELEM) attr.value = (uintptr_t)&value;
  return bpf(command, &attr);
}

static int become(const char *uid, const char *mask) {
  unsigned int id = (unsigned int)atoi(uid);
  umask((mode_t)strtol(mask, NULL, 8));
  return id && (setresgid(id, id, id) || setresuid(id, id, id));
}

static void fill_descriptors(void) {
  int next = dup(0);
  close(next);
  struct rlimit limit = {(rlim_t)next, (rlim_t)next};
  setrlimit(RLIMIT_NOFILE, &limit);
}

static long run(int count, char **words) {
  const char *command = words[3];
  int prepared = 0;
  if (!strncmp(command, "create", 6)) prepared = load_btf(words[4]);
  if (!strcmp(command, "pin")) prepared = array();
  if (prepared < 0 || become(words[1], words[2])) return -1;
  if (!strcmp(command, "pidfd")) return syscall(SYS_pidfd_open, atoi(words[4]), 0);
  if (!strcmp(command, "pin")) return object(BPF_OBJ_PIN, words[4], prepared, "0");
  if (!strcmp(command, "create-at-limit")) fill_descriptors();
  if (!strncmp(command, "create", 6)) return create(prepared, words[5], words[6]);
  long map = object(BPF_OBJ_GET, words[4], 0, words[5]);
  if (map < 0 || count < 7) return map;
  if (!strcmp(command, "lookup")) return element(BPF_MAP_LOOKUP_ELEM, (int)map, words[6]);
  if (!strcmp(command, "update")) return element(BPF_MAP_UPDATE_ELEM, (int)map, words[6]);
  if (!strcmp(command, "delete")) return element(BPF_MAP_DELETE_ELEM, (int)map, words[6]);
  errno = ENOSYS;
  return -1;
}

int main(int count, char **words) {
  if (count < 5) return 2;
  printf("%d\n", run(count, words) < 0 ? errno : 0);
  return 0;
}
