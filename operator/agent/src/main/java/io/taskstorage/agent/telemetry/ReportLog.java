package io.taskstorage.agent.telemetry;

import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.plan.Step;
import io.taskstorage.agent.report.Line;
import io.taskstorage.agent.report.LineText;
import io.taskstorage.agent.report.Report;
import io.taskstorage.telemetry.LogKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What a turn changed, as logged events. */
public final class ReportLog {
  private static final Logger LOG = LoggerFactory.getLogger(ReportLog.class);

  private ReportLog() {}

  /** Logs each line, without values. */
  public static void log(Report report) {
    for (Line line : report.lines()) {
      LOG.atLevel(level(line))
          .addKeyValue(LogKey.DETAIL, LineText.withoutValues(line))
          .log(message(line));
    }
  }

  /** Pods come and go all the time: their rows and entries are for who debugs. */
  private static Level level(Line line) {
    return switch (line) {
      case Line.ProblemFound _, Line.Warned _, Line.Unreadable _, Line.TasksFailed _ -> Level.WARN;
      case Line.Stepped(Outcome.Failed _), Line.Stepped(Outcome.Skipped _) -> Level.WARN;
      case Line.Stepped(Outcome.Done(Step.Assign _, var _)) -> Level.DEBUG;
      case Line.Stepped(Outcome.Done(Step.Unassign _, var _)) -> Level.DEBUG;
      case Line.Swept _ -> Level.DEBUG;
      case Line.ProblemMended _, Line.Noticed _, Line.ReadableAgain _, Line.TasksMended _ ->
          Level.INFO;
      case Line.StatusChanged _, Line.ObjectGone _, Line.Stepped _ -> Level.INFO;
    };
  }

  private static String message(Line line) {
    return switch (line) {
      case Line.ProblemFound _ -> "not taken";
      case Line.ProblemMended _ -> "no longer a problem";
      case Line.Noticed _ -> "notice";
      case Line.Stepped(Outcome.Failed _) -> "step refused";
      case Line.Stepped(Outcome.Skipped _) -> "step left out";
      case Line.Stepped _ -> "step done";
      case Line.Swept _ -> "entries changed";
      case Line.Warned _ -> "warning";
      case Line.Unreadable _ -> "not readable";
      case Line.ReadableAgain _ -> "readable again";
      case Line.TasksFailed _ -> "tasks without their value";
      case Line.TasksMended _ -> "tasks have their value again";
      case Line.StatusChanged _ -> "condition changed";
      case Line.ObjectGone _ -> "object gone";
    };
  }
}
