package io.taskstorage.taskstore;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What /proc says of tasks. A task that goes while it is read, or that is hidden from this process,
 * is simply not there; but where descriptors run out nothing is concluded, and every call throws a
 * {@link StoreException}.
 */
final class ProcFs {
  private static final File ROOT = new File("/proc");

  private ProcFs() {}

  /**
   * One process, from /proc/PID/task/PID/stat; state and threads are its leader's and its own.
   *
   * @param startTicks when it started; with the pid it names a process for good
   */
  record Stat(int pid, char state, int parentPid, int threads, long startTicks) {
    /** Whether the leader has exited. */
    boolean isZombie() {
      return state == 'Z' || state == 'X';
    }

    /** Whether all of it has exited. */
    boolean isOver() {
      return isZombie() && threads <= 1;
    }
  }

  /** Every process. */
  static int[] pids() {
    return numbers(ROOT);
  }

  /** The threads of a process, its leader included; none if it is gone. */
  static int[] tids(int pid) {
    return numbers(new File(ROOT, pid + "/task"));
  }

  /** State and parent of a process. */
  static Optional<Stat> stat(int pid) {
    // The file of the process adds up what all its threads have used, which takes long with many.
    return read(Path.of("/proc/" + pid + "/task/" + pid + "/stat"))
        .flatMap(text -> parse(pid, text));
  }

  /** The name of a task. */
  static Optional<String> comm(int tgid, int tid) {
    return read(Path.of("/proc/" + tgid + "/task/" + tid + "/comm")).map(String::strip);
  }

  /** The user that this process acts as: its effective uid. */
  static int ownUid() {
    Path self = Path.of("/proc/self/task");
    try {
      // A folder of /proc belongs to its process's effective user, and to ask costs no descriptor.
      return FileStat.of(self).uid();
    } catch (IOException e) {
      throw new UncheckedIOException("stat " + self + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Stat> parse(int pid, String text) {
    // The name stands in parentheses and may hold any character, a parenthesis too.
    int afterName = text.lastIndexOf(')');
    if (afterName < 0) {
      return Optional.empty();
    }
    String[] fields = text.substring(afterName + 2).split(" ", -1);
    return Optional.of(
        new Stat(
            pid,
            fields[0].charAt(0),
            Integer.parseInt(fields[1]),
            Integer.parseInt(fields[17]),
            Long.parseLong(fields[19])));
  }

  private static int[] numbers(File folder) {
    String[] names = folder.list();
    if (names == null) {
      return numbersOrWhyNot(folder.toPath());
    }
    return Arrays.stream(names).mapToInt(ProcFs::number).filter(n -> n > 0).toArray();
  }

  /** {@link File#list} is the quickest way, and does not say why it failed. */
  private static int[] numbersOrWhyNot(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .mapToInt(entry -> number(String.valueOf(entry.getFileName())))
          .filter(n -> n > 0)
          .toArray();
    } catch (IOException e) {
      requireDescriptors("list", folder, e);
      return new int[0];
    }
  }

  private static int number(String name) {
    int number = 0;
    for (int i = 0; i < name.length(); i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      requireDescriptors("read", file, e);
      return Optional.empty();
    }
  }

  private static void requireDescriptors(String operation, Path path, IOException e) {
    FileRefusal refusal = FileRefusal.of(e);
    if (refusal.isLackOfDescriptors()) {
      throw new StoreException(
          new StoreProblem.FolderRefused(operation, path, refusal.why(), refusal.mend()));
    }
  }
}
