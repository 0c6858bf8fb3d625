package io.taskstorage.bpf.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a kernel's release. */
record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
  private static final Pattern TEXT = Pattern.compile("(\\d+)\\.(\\d+)(\\D.*)?");
  private static final Comparator<KernelVersion> ORDER =
      Comparator.comparingInt(KernelVersion::major).thenComparingInt(KernelVersion::minor);

  /** Reads {@code 6.18}, {@code 6.18.44-custom} and the like. */
  static KernelVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "kernel version " + text.strip() + ": begins with no two numbers: write it like 6.18");
    }
    return new KernelVersion(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** The kernel that runs here. */
  static KernelVersion running() {
    try {
      return parse(Files.readString(Path.of("/proc/sys/kernel/osrelease")));
    } catch (IOException e) {
      throw new UncheckedIOException("read the kernel's release: " + e.getMessage(), e);
    }
  }

  boolean isBefore(KernelVersion other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(KernelVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
