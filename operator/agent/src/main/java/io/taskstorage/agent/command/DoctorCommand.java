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
      "Finds out what a node or a cluster lacks, and how to mend it.",
      "Tries out what the agent needs of this node: says which plane would run and why, and what is"
          + " missing. Leaves nothing behind.",
      "With --cluster: of the current cluster; with --node NAME: on that node of it."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:An agent could run here.", "1:It could not.", "2:Wrong usage."})
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
