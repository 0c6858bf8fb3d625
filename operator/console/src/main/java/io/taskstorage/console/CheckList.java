package io.taskstorage.console;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks for people, each with what to do about it, and for programs; facts below them. */
public final class CheckList {
  private static final int WIDTH = 96;
  private static final int WORD_WIDTH = 9;

  private CheckList() {}

  /**
   * A check for programs.
   *
   * @param need {@code required} or {@code useful}
   * @param result {@code yes}, {@code no} or {@code unknown}
   * @param detail what was found
   * @param mend what to do; only where the result is no
   */
  public record Row(String name, String need, String result, String detail, @Nullable String mend) {
    /** The row of a check. */
    public static Row of(Check check) {
      return new Row(
          check.name(),
          check.need().name().toLowerCase(Locale.ROOT),
          check.finding().word(),
          text(check.finding()),
          check.finding() instanceof Finding.No no ? no.mend() : null);
    }
  }

  /** Prints them. */
  public static void print(PrintWriter out, Terminal terminal, List<Check> checks) {
    int nameWidth = checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
    checks.forEach(check -> print(out, terminal, check, nameWidth));
  }

  /** Prints what is so, below each other. */
  public static void printFacts(PrintWriter out, List<Fact> facts) {
    int width = facts.stream().mapToInt(fact -> fact.name().length()).max().orElse(0) + 2;
    for (Fact fact : facts) {
      out.println(
          fact.name() + " ".repeat(width - fact.name().length()) + Table.printable(fact.value()));
    }
  }

  private static void print(PrintWriter out, Terminal terminal, Check check, int nameWidth) {
    String word = check.finding().word();
    String start =
        check.finding().word(terminal)
            + " ".repeat(WORD_WIDTH - word.length())
            + check.name()
            + " ".repeat(nameWidth - check.name().length() + 2);
    String indent = " ".repeat(WORD_WIDTH + nameWidth + 2);
    List<String> lines = Wrapping.lines(text(check.finding()), WIDTH - indent.length());
    out.println((start + Table.printable(lines.getFirst())).stripTrailing());
    lines.stream().skip(1).forEach(line -> out.println(indent + Table.printable(line)));
    if (check.finding() instanceof Finding.No no) {
      Wrapping.lines("mend: " + no.mend(), WIDTH - indent.length())
          .forEach(line -> out.println(indent + terminal.warn(line)));
    }
  }

  private static String text(Finding finding) {
    return switch (finding) {
      case Finding.Yes yes -> yes.detail();
      case Finding.No no -> no.reason();
      case Finding.Unknown unknown -> unknown.cause();
    };
  }
}
