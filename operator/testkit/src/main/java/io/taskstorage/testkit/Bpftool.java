package io.taskstorage.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's bpftool, which an ordinary user's PATH does not name. */
public final class Bpftool {
  private Bpftool() {}

  /** A bpftool command, for example {@code map list -j}. */
  public static Command command(String... arguments) {
    Path debian = Path.of("/usr/sbin/bpftool");
    String program = Files.isExecutable(debian) ? debian.toString() : "bpftool";
    return Command.of(program).arguments(arguments);
  }
}
