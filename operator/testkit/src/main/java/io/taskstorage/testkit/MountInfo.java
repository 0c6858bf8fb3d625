package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One mount of this process's mount namespace (proc(5), {@code /proc/self/mountinfo}).
 *
 * @param point where it is mounted
 * @param type of the file system
 */
record MountInfo(Path point, String type) {
  static List<MountInfo> all() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.map(MountInfo::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("read /proc/self/mountinfo: " + e.getMessage(), e);
    }
  }

  static Optional<Path> cgroup2Root() {
    return all().stream().filter(m -> m.type.equals("cgroup2")).map(MountInfo::point).findFirst();
  }

  static MountInfo parse(String line) {
    String[] before = line.substring(0, line.indexOf(" - ")).split(" ", -1);
    String[] after = line.substring(line.indexOf(" - ") + 3).split(" ", -1);
    return new MountInfo(Path.of(unescape(before[4])), after[0]);
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
