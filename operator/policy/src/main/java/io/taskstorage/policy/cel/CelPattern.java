package io.taskstorage.policy.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.regex.MatchResult;

/** Judges a regular expression before anybody compiles it in earnest. */
sealed interface CelPattern {

  /** The most instructions that a compiled pattern may have. */
  int MAX_PROGRAM_SIZE = 1000;

  /** As far as a pattern may grow by its counted repetitions, in characters. */
  int MAX_UNROLLED = 20_000;

  /** It may be matched; how many instructions it has. */
  record Good(int programSize) implements CelPattern {}

  /** It may not. */
  record Bad(String problem) implements CelPattern {}

  /** Judges the last operand of {@code matches}. */
  static CelPattern of(CelExpr operand) {
    if (operand.getKind() != Kind.CONSTANT
        || operand.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
      return new Bad("matches a pattern that is computed: write the pattern in quotes");
    }
    String pattern = operand.constant().stringValue();
    Bad tooLarge =
        new Bad(
            "matches a pattern that is too large: at most %d instructions are allowed: shorten it"
                .formatted(MAX_PROGRAM_SIZE));
    // The library unrolls counted repetitions, nested ones too, before it can tell the size.
    if (unrolled(pattern) > MAX_UNROLLED) {
      return tooLarge;
    }
    try {
      int size = Pattern.compile(pattern).programSize();
      return size > MAX_PROGRAM_SIZE ? tooLarge : new Good(size);
    } catch (PatternSyntaxException e) {
      return new Bad(
          "matches a pattern that is no regular expression (RE2): %s: correct it"
              .formatted(e.getDescription()));
    }
  }

  /** An upper bound: as if every counted repetition enclosed the whole pattern. */
  private static long unrolled(String pattern) {
    long length = pattern.length();
    for (MatchResult counted :
        java.util.regex.Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?}")
            .matcher(pattern)
            .results()
            .toList()) {
      String most = counted.group(2) == null || counted.group(2).isEmpty() ? "" : counted.group(2);
      String digits = most.isEmpty() ? counted.group(1) : most;
      // More digits than the library takes for a count are refused by it.
      length *= digits.length() > 4 ? 1 : 1 + Long.parseLong(digits);
      if (length > MAX_UNROLLED) {
        return length;
      }
    }
    return length;
  }
}
