package io.taskstorage.e2e.kernels;

import io.taskstorage.testkit.GuestSuite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder that host and guest have in common: what is to be done goes in, results come out.
 *
 * @param folder on the host
 */
record Share(Path folder) {
  /** Where the guest has it. */
  private static final Path INSIDE = Path.of("/run/guest");

  /**
   * For each of the guest's processors there is little to gain from good code that takes long to
   * make.
   */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-Xmx768m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.io.tmpdir=/run/tmp",
          "-Dbasedir=/run/base",
          "-Dkernel.tests=guest",
          "-Dstarts=2000");

  /** An empty one in a folder of its own; an old one at that place is removed. */
  static Share create(Path folder) {
    try {
      if (Files.exists(folder)) {
        try (Stream<Path> old = Files.list(folder)) {
          for (Path file : old.toList()) {
            Files.delete(file);
          }
        }
      }
      return new Share(Files.createDirectories(folder));
    } catch (IOException e) {
      throw new UncheckedIOException("make share " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes what the guest is to do.
   *
   * @param start the script that the guest's first process goes on with
   * @param root of the repository
   * @param classes of tests, by name
   */
  void prepare(
      Path start, Path root, String tag, Collection<GuestSuite> suites, List<String> classes) {
    Stream<String> java =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                JVM_OPTIONS.stream(),
                Stream.of("-Droot.dir=" + root, "-cp", System.getProperty("java.class.path")),
                Stream.of("io.taskstorage.e2e.kernels.guest.GuestRun"),
                Stream.of(INSIDE.resolve("results").toString(), tag),
                Stream.of(suites.stream().map(GuestSuite::word).collect(Collectors.joining(","))),
                classes.stream())
            .flatMap(words -> words);
    // C programs that the host's tests have compiled need no compiler here.
    String command =
        """
        mkdir -p /run/base/target/gcc
        cp -r %s/*/*/target/gcc/* /run/base/target/gcc 2>/dev/null
        cd /run/base
        exec %s
        """
            .formatted(
                quoted(root.toString()), java.map(Share::quoted).collect(Collectors.joining(" ")));
    try {
      Files.copy(start, folder.resolve("start"));
      Files.writeString(folder.resolve("command"), command);
    } catch (IOException e) {
      throw new UncheckedIOException("prepare " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** What the guest has written to a file of the share so far; empty if there is no such file. */
  String read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
    }
  }
}
