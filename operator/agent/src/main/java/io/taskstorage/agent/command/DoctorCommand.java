package io.taskstorage.agent.command;

import io.taskstorage.agent.doctor.Diagnosis;
import io.taskstorage.agent.doctor.DiagnosisReport;
import io.taskstorage.agent.doctor.Examination;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What this node offers, what it lacks, and how to mend it. */
@Command(
    name = "doctor",
    description = {
      "Tries out what the agent needs of this node.",
      "Says which plane would run and why, what is missing, and how to mend it.",
      "Exit code 0 if an agent could run here, 1 if not. Leaves nothing behind."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private NodeOptions node = new NodeOptions();

  @Override
  public Integer call() {
    Diagnosis diagnosis = Examination.of(node.pinTree(), node.cgroupRoot());
    PrintWriter out = spec.commandLine().getOut();
    switch (output.format()) {
      case TABLE -> DiagnosisReport.print(out, Terminal.ofStandardOutput(), diagnosis);
      case JSON -> DiagnosisReport.printJson(out, diagnosis);
    }
    out.flush();
    return diagnosis.canRun() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
