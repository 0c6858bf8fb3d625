package io.taskstorage.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is mounted in this process' mount namespace: {@code /proc/self/mountinfo}. */
final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private MountTable() {}

  /** Where file systems of a type are mounted, in the order of their mounting. */
  static List<Path> mountPoints(String type) {
    try {
      return mountPoints(Files.readAllLines(MOUNTINFO), type);
    } catch (IOException e) {
      throw new UncheckedIOException("mount table " + MOUNTINFO + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads lines of the form {@code id parent major:minor root mountpoint options [tags...] - type
   * source options}; proc(5).
   */
  static List<Path> mountPoints(List<String> mountinfo, String type) {
    List<Path> found = new ArrayList<>();
    for (String line : mountinfo) {
      int separator = line.indexOf(" - ");
      String[] fields = line.split(" ", -1);
      if (separator >= 0
          && fields.length > MOUNT_POINT
          && line.startsWith(type + " ", separator + " - ".length())) {
        found.add(Path.of(unescape(fields[MOUNT_POINT])));
      }
    }
    return List.copyOf(found);
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
