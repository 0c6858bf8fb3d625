package io.taskstorage.agent.doctor;

import io.taskstorage.console.CheckList;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Json;
import io.taskstorage.console.Terminal;
import io.taskstorage.console.Wrapping;
import java.io.PrintWriter;
import java.util.List;

/** A diagnosis for people and for programs. */
public final class DiagnosisReport {
  private static final int WIDTH = 96;

  private DiagnosisReport() {}

  /** First what would run, then every check with what to do about it, then the facts. */
  public static void print(PrintWriter out, Terminal terminal, Diagnosis diagnosis) {
    String plane = terminal.bold("plane: " + diagnosis.plane());
    out.println(plane);
    Wrapping.lines(diagnosis.why(), WIDTH - 2).forEach(line -> out.println("  " + line));
    out.println();
    CheckList.print(out, terminal, diagnosis.checks());
    if (!diagnosis.facts().isEmpty()) {
      out.println();
      CheckList.printFacts(out, diagnosis.facts());
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
            diagnosis.checks().stream().map(CheckList.Row::of).toList(),
            diagnosis.facts()));
  }

  private record JsonDiagnosis(
      String plane, boolean canRun, String why, List<CheckList.Row> checks, List<Fact> facts) {}
}
