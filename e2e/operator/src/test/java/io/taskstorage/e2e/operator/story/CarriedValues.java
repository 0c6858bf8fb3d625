package io.taskstorage.e2e.operator.story;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.Task;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads what a task carries, as a consumer does: from the pin, by bpf(2), into its own struct. Any
 * thread may call.
 */
final class CarriedValues {

  /** The struct of every map of the stories, as a consumer writes it down. */
  private static final String PROGRAM =
      """
      #include <errno.h>
      #include <linux/bpf.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/syscall.h>
      #include <unistd.h>

      struct carried {
        unsigned long long tenant_id;
        unsigned char qos;
        char app[16];
      };

      static long bpf(enum bpf_cmd command, union bpf_attr *attr) {
        return syscall(SYS_bpf, command, attr, sizeof(*attr));
      }

      int main(int argc, char **argv) {
        struct carried value;
        struct bpf_map_info info = {0};
        union bpf_attr attr;
        int map, task;

        memset(&attr, 0, sizeof(attr));
        attr.pathname = (unsigned long)argv[1];
        attr.file_flags = BPF_F_RDONLY;
        map = bpf(BPF_OBJ_GET, &attr);
        if (map < 0)
          return perror(argv[1]), 1;
        memset(&attr, 0, sizeof(attr));
        attr.info.bpf_fd = map;
        attr.info.info_len = sizeof(info);
        attr.info.info = (unsigned long)&info;
        if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
          return perror("map info"), 1;
        if (argc == 2)
          return printf("%u\\n", info.id) < 0;
        if (info.value_size != sizeof(value))
          return fprintf(stderr, "the map's values have %u bytes\\n", info.value_size), 1;
        task = syscall(SYS_pidfd_open, atoi(argv[2]), 0);
        if (task < 0)
          return perror("pidfd_open"), 1;
        memset(&attr, 0, sizeof(attr));
        attr.map_fd = map;
        attr.key = (unsigned long)&task;
        attr.value = (unsigned long)&value;
        if (!bpf(BPF_MAP_LOOKUP_ELEM, &attr))
          printf("tenant_id=%llu qos=%u app=%.16s\\n", value.tenant_id, value.qos, value.app);
        else if (errno == ENOENT)
          puts("nothing");
        else
          return perror("lookup"), 1;
        return 0;
      }
      """;

  private CarriedValues() {}

  /** The fields; {@code nothing} without an entry; {@code no map} where nothing is pinned. */
  static String of(Path pin, Task task) {
    return of(pin, task.pid());
  }

  /** The same of the first thread of any process. */
  static String of(Path pin, int pid) {
    return Files.exists(pin) ? run(pin.toString(), Integer.toString(pid)) : "no map";
  }

  /** The kernel's id of the map: another map has another. */
  static String mapId(Path pin) {
    return run(pin.toString());
  }

  private static String run(String... arguments) {
    Path program = Gcc.compile("carried", PROGRAM, "-Wall", "-Werror");
    return Command.of(program.toString()).arguments(arguments).run().stdoutIfDone().strip();
  }
}
