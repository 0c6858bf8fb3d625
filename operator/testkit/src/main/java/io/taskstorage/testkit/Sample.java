package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The C programs in {@code samples}, built on copies of their files and by their own Makefiles. A
 * program is built once for its sources and kept beside those of {@link Gcc}, so that the guests of
 * {@code e2e/kernels} find it.
 */
public final class Sample {
  /** Where they lie. */
  public static final Path FOLDER =
      Path.of(System.getProperty("root.dir", "../.."), "samples").toAbsolutePath();

  /** The header of its map is what other samples include. */
  private static final String SHARED = "quickstart";

  private Sample() {}

  /**
   * Builds a sample.
   *
   * @param folder of the sample in {@code samples}
   * @param program that its Makefile makes there
   */
  public static Path build(String folder, String program) {
    TreeMap<String, String> sources = new TreeMap<>();
    Stream.of(folder, SHARED).distinct().forEach(each -> sources.putAll(sources(each)));
    return Gcc.once(
        program,
        sources,
        List.of(),
        work -> {
          for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = work.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
          }
          Path sample = work.resolve(folder);
          Command.of("make", "-C", sample.toString()).run().stdoutIfDone();
          return sample.resolve(program);
        });
  }

  /** Without what somebody may have built there. */
  private static Map<String, String> sources(String folder) {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      for (Path file : files.filter(Sample::isSource).toList()) {
        sources.put(folder + "/" + file.getFileName(), Files.readString(file));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException("read sample " + folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean isSource(Path file) {
    String name = file.getFileName().toString();
    return name.matches(".*\\.[ch]|Makefile") && !name.endsWith(".skel.h");
  }
}
