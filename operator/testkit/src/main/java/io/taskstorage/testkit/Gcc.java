package io.taskstorage.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiles C programs of the tests with gcc. A program is built once for its sources and flags and
 * kept in the module's {@code target/gcc}.
 */
public final class Gcc {
  private static final Path CACHE =
      Path.of(System.getProperty("basedir", ""), "target", "gcc").toAbsolutePath();

  private Gcc() {}

  /**
   * Compiles and links one source text.
   *
   * @param name of the program file
   * @param flags after the sources, for example {@code -lbpf}
   * @return the program
   */
  public static Path compile(String name, String source, String... flags) {
    return compile(name, new TreeMap<>(Map.of(name + ".c", source)), List.of(flags));
  }

  /** Compiles and links source files; headers among them are found by {@code #include "..."}. */
  public static Path compileFiles(String name, List<Path> files, String... flags) {
    TreeMap<String, String> sources = new TreeMap<>();
    for (Path file : files) {
      try {
        sources.put(file.getFileName().toString(), Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException("compile " + name + ": cannot read " + file, e);
      }
    }
    return compile(name, sources, List.of(flags));
  }

  /** Compiles {@code source} if need be, and runs it to its end. */
  public static Outcome run(String name, String source, String... arguments) {
    Path program = compile(name, source);
    return Command.of(program.toString()).arguments(arguments).run();
  }

  static Path compileResources(String name, String... resources) {
    TreeMap<String, String> sources = new TreeMap<>();
    for (String resource : resources) {
      try (InputStream in = Gcc.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IllegalStateException("compile " + name + ": no resource " + resource);
        }
        sources.put(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("compile " + name + ": cannot read " + resource, e);
      }
    }
    return compile(name, sources, List.of("-pthread"));
  }

  private static Path compile(
      String name, SequencedMap<String, String> sources, List<String> flags) {
    return once(
        name,
        sources,
        flags,
        work -> {
          List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-g", "-Wall", "-Wextra"));
          command.addAll(List.of("-Werror", "-o", work.resolve(name).toString()));
          for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = Files.writeString(work.resolve(source.getKey()), source.getValue());
            if (source.getKey().endsWith(".c")) {
              command.add(file.toString());
            }
          }
          command.addAll(flags);
          gcc(name, command);
          return work.resolve(name);
        });
  }

  /** How a program is made of its sources. */
  @FunctionalInterface
  interface Build {
    /** Returns the program, which is somewhere in this empty folder now. */
    Path in(Path work) throws IOException;
  }

  /** Builds a program, unless it is kept already for these sources and flags. */
  static synchronized Path once(
      String name, SequencedMap<String, String> sources, List<String> flags, Build build) {
    Path folder = CACHE.resolve(key(sources, flags));
    Path program = folder.resolve(name);
    if (Files.isExecutable(program)) {
      return program;
    }
    try {
      Files.createDirectories(CACHE);
      Path work = Files.createTempDirectory(CACHE, "build-");
      try {
        Path built = build.in(work);
        Files.createDirectories(folder);
        // Another build of the same sources may be at the same place: the last one wins, whole.
        Files.move(built, program, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(work);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException("compile " + name + ": " + e.getMessage(), e);
    }
  }

  private static void gcc(String name, List<String> command) {
    Outcome outcome;
    try {
      outcome = Command.of(command).run();
    } catch (CommandMissing e) {
      throw new CommandMissing(
          "compile " + name + ": gcc is not installed: run tools/test-packages", e);
    }
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException("compile " + name + ": gcc refused:\n" + outcome.stderr());
    }
  }

  private static String key(SequencedMap<String, String> sources, List<String> flags) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((sources + " " + flags).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
