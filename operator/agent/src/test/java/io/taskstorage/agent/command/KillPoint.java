package io.taskstorage.agent.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A place in an agent's work at which it is killed. All of them stand in {@code points.txt}, each
 * with what the agent has just done.
 *
 * @param inEveryBuild false where it is tried by the long runs alone
 * @param side before or after
 * @param method of the product, without {@code io.taskstorage.}
 * @param crossing it dies when it comes there so often, counted from the change on
 * @param done what it has just done
 */
record KillPoint(
    boolean inEveryBuild, KillStory story, String side, String method, int crossing, String done) {
  private static final String LIST = "/KillPointsKernelTest/points.txt";
  private static final int COLUMNS = 6;

  /** The whole list, in its order. */
  static List<KillPoint> all() {
    try (InputStream in = KillPoint.class.getResourceAsStream(LIST);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in, LIST), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(KillPoint::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that this build tries. */
  static Stream<KillPoint> wanted() {
    boolean isLong = Boolean.getBoolean("kill.points.all");
    return all().stream().filter(point -> isLong || point.inEveryBuild());
  }

  private static KillPoint parse(String line) {
    String[] words = line.strip().split(" +", COLUMNS);
    if (words.length != COLUMNS || !List.of("always", "full").contains(words[0])) {
      throw new IllegalArgumentException("read " + LIST + ": this is no point: " + line);
    }
    return new KillPoint(
        words[0].equals("always"),
        KillStory.valueOf(words[1].toUpperCase(Locale.ROOT).replace('-', '_')),
        words[2],
        words[3],
        Integer.parseInt(words[4]),
        words[5]);
  }

  /** What has the agent's process die here, once the file is there. */
  List<String> options(Path places) {
    return List.of(
        "-D%s=%s".formatted(KilledProcess.FILE, places),
        "-D%s=%s".formatted(KilledProcess.PLACE, place()),
        "-D%s=%d".formatted(KilledProcess.CROSSING, crossing));
  }

  /** As the process tells of it when it comes by. */
  String place() {
    return side + " " + method;
  }

  /** The class of the product, by its binary name. */
  String className() {
    return "io.taskstorage." + method.substring(0, method.lastIndexOf('.'));
  }

  /** The name of the method, of which all overloads count. */
  String methodName() {
    return method.substring(method.lastIndexOf('.') + 1);
  }

  @Override
  public String toString() {
    return "%s, %s %s, %d: %s".formatted(story, side, method, crossing, done);
  }
}
