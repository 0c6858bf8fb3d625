package io.taskstorage.agent.doctor;

import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import io.taskstorage.console.Wrapping;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A diagnosis for people and for programs. */
public final class DiagnosisReport {
  private static final int WIDTH = 96;
  private static final int WORD_WIDTH = 9;

  private DiagnosisReport() {}

  /** First what would run, then every check with what to do about it, then the facts. */
  public static void print(PrintWriter out, Terminal terminal, Diagnosis diagnosis) {
    String plane = terminal.bold("plane: " + diagnosis.plane());
    out.println(plane);
    Wrapping.lines(diagnosis.why(), WIDTH - 2).forEach(line -> out.println("  " + line));
    out.println();
    int nameWidth = diagnosis.checks().stream().mapToInt(c -> c.name().length()).max().orElse(0);
    for (Check check : diagnosis.checks()) {
      printCheck(out, terminal, check, nameWidth);
    }
    if (!diagnosis.facts().isEmpty()) {
      out.println();
      printFacts(out, diagnosis.facts());
    }
  }

  /** The same as one object. */
  public static void printJson(PrintWriter out, Diagnosis diagnosis) {
    Json.print(
        out,
        new JsonDiagnosis(
            diagnosis.plane(),
            diagnosis.canRun(),
            diagnosis.why(),
            diagnosis.checks().stream().map(DiagnosisReport::json).toList(),
            diagnosis.facts()));
  }

  private static void printCheck(PrintWriter out, Terminal terminal, Check check, int nameWidth) {
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

  private static void printFacts(PrintWriter out, List<Diagnosis.Fact> facts) {
    int width = facts.stream().mapToInt(f -> f.name().length()).max().orElse(0) + 2;
    for (Diagnosis.Fact fact : facts) {
      out.println(
          fact.name() + " ".repeat(width - fact.name().length()) + Table.printable(fact.value()));
    }
  }

  private static String text(Finding finding) {
    return switch (finding) {
      case Finding.Yes yes -> yes.detail();
      case Finding.No no -> no.reason();
      case Finding.Unknown unknown -> unknown.cause();
    };
  }

  private static JsonCheck json(Check check) {
    String mend = check.finding() instanceof Finding.No no ? no.mend() : null;
    return new JsonCheck(
        check.name(),
        check.need().name().toLowerCase(Locale.ROOT),
        check.finding().word(),
        text(check.finding()),
        mend);
  }

  private record JsonDiagnosis(
      String plane,
      boolean canRun,
      String why,
      List<JsonCheck> checks,
      List<Diagnosis.Fact> facts) {}

  private record JsonCheck(
      String name, String need, String result, String detail, @Nullable String mend) {}
}
