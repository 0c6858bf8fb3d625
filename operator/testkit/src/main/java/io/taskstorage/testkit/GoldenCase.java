package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** One folder of input and expected output files. Files are named relative to it. UTF-8. */
public final class GoldenCase {
  private final Path folder;
  private final boolean update;
  private final Set<Path> used = new HashSet<>();

  GoldenCase(Path folder, boolean update) {
    this.folder = folder;
    this.update = update;
  }

  /** The folder's name. */
  public String name() {
    return folder.getFileName().toString();
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Whether the case has the file. */
  public boolean has(String file) {
    return Files.isRegularFile(folder.resolve(file));
  }

  /** The file's path, for code that reads it itself; a folder's path uses all that is in it. */
  public Path path(String file) {
    Path path = folder.resolve(file);
    files(path).forEach(used::add);
    return path;
  }

  /** The file's text. */
  public String text(String file) {
    try {
      return Files.readString(path(file));
    } catch (IOException e) {
      throw new UncheckedIOException("golden case " + name() + ": no file " + file, e);
    }
  }

  /** The names of the case's files, sorted; asking does not use them. */
  public List<String> files() {
    return files(folder).stream().map(file -> folder.relativize(file).toString()).sorted().toList();
  }

  /**
   * Whether {@code actual} is what {@link #expect} wants: for tests that wait for it. While
   * expected files are being rewritten nothing is.
   */
  public boolean isExpected(String file, String actual) {
    return !update && has(file) && text(file).equals(lines(actual));
  }

  /** Whether expected files are being rewritten. */
  public boolean isBeingRewritten() {
    return update;
  }

  /** Compares with the expected file; a final newline more or less makes no difference. */
  public void expect(String file, String actual) {
    Path path = folder.resolve(file);
    used.add(path);
    String lines = lines(actual);
    try {
      if (update) {
        Files.createDirectories(folder);
        Files.writeString(path, lines);
      }
      Assertions.assertThat(path)
          .as("golden case %s: %s (-Dgolden.update=true rewrites it)", name(), file)
          .isRegularFile();
      Assertions.assertThat(lines)
          .as("golden case %s: %s (-Dgolden.update=true rewrites it)", name(), file)
          .isEqualTo(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException("golden case " + name() + ": cannot use " + file, e);
    }
  }

  private static String lines(String text) {
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }

  void expectAllUsed() {
    List<String> unused =
        files(folder).stream()
            .filter(file -> !used.contains(file))
            .map(file -> folder.relativize(file).toString())
            .sorted()
            .toList();
    Assertions.assertThat(unused)
        .as("golden case %s: files that it does not use", name())
        .isEmpty();
  }

  private static List<Path> files(Path start) {
    if (!Files.exists(start)) {
      return List.of();
    }
    try (Stream<Path> below = Files.walk(start)) {
      return below.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("golden case " + start + ": cannot be read", e);
    }
  }
}
