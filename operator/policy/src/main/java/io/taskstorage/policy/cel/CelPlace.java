package io.taskstorage.policy.cel;

import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.runtime.CelEvaluationException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in an expression something is wrong, as the beginning of a reason.
 *
 * <p>Reasons tell places instead of what stands there: that may be a value, also where a name was
 * expected, as when somebody forgot the quotes.
 */
final class CelPlace {

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

  /** How the library begins the message of a failed evaluation: with an offset in code points. */
  private static final Pattern FAILURE = Pattern.compile("evaluation error at [^:]*:([0-9]{1,9}):");

  private CelPlace() {}

  /** {@code line 2, character 3: }, both counted from 1; the first line is not named. */
  static String of(CelSourceLocation location) {
    String line = location.getLine() > 1 ? "line %d, ".formatted(location.getLine()) : "";
    return "%scharacter %d: ".formatted(line, location.getColumn() + 1);
  }

  /** The place of a node of the parsed expression; empty if it has none. */
  static String of(CelSource source, long node) {
    return Optional.ofNullable(source.getPositionsMap().get(node))
        .map(offset -> ofOffset(source, offset))
        .orElse("");
  }

  /** The place at which an evaluation failed; empty if the library does not tell it. */
  static String of(CelSource source, CelEvaluationException failure) {
    Matcher message = FAILURE.matcher(String.valueOf(failure.getMessage()));
    return message.lookingAt() ? ofOffset(source, Integer.parseInt(message.group(1))) : "";
  }

  private static String ofOffset(CelSource source, int offset) {
    return source.getOffsetLocation(offset).map(CelPlace::of).orElse("");
  }

  /** The dotted name that begins at a place of the text, to look for a similar one; or empty. */
  static String name(String text, CelSourceLocation location) {
    List<String> lines = text.lines().toList();
    if (location.getLine() < 1 || location.getLine() > lines.size()) {
      return "";
    }
    String line = lines.get(location.getLine() - 1);
    if (location.getColumn() > line.codePointCount(0, line.length())) {
      return "";
    }
    int start = line.offsetByCodePoints(0, location.getColumn());
    Matcher name = NAME.matcher(line).region(start, line.length());
    return name.lookingAt() ? name.group() : "";
  }
}
