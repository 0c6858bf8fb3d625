package io.taskstorage.cli;

import io.taskstorage.cli.doctor.ClusterDiagnosis;
import io.taskstorage.cli.doctor.ClusterExamination;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.console.CheckList;
import io.taskstorage.console.ExitCode;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Json;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a cluster, or a node of it, lacks. */
@Command(
    name = "doctor",
    description = {
      "Finds out what a node or a cluster lacks, and how to mend it.",
      "Of a cluster: the definitions, the rights of the two accounts, the policy that ties an agent"
          + " to its node, the controller's Lease, and what agents report of their nodes.",
      "Of a node: what taskstorage doctor says there, in the agent's pod by kubectl exec unless"
          + " another way is given. Changes nothing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Nothing is lacking.",
      "1:Failed; with --node: no agent could run there.",
      "2:Wrong usage.",
      "3:Something of the cluster is lacking."
    })
public final class ClusterDoctorCommand implements Callable<Integer> {
  /** What is looked at. */
  static final class Patient {
    // Said for the launcher, which starts this command where it finds the word.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--cluster", description = "Look at the current cluster (the default here).")
    private boolean cluster;

    @Option(names = "--node", paramLabel = "NAME", description = "Look at this node of it.")
    private Optional<String> node = Optional.empty();
  }

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NodeOption way = new NodeOption();
  @ArgGroup private Patient patient = new Patient();

  @Mixin private NodeFormatOption output = new NodeFormatOption();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (patient.node.isPresent()) {
      List<String> command = List.of("doctor", "-o", output.format().toString());
      return way.to(patient.node.get()).run(command, out, spec.commandLine().getErr());
    }
    ClusterDiagnosis diagnosis;
    try (ApiConnection api = way.cluster().open()) {
      diagnosis = ClusterExamination.of(api, way.system().namespace(), Instant.now());
    }
    switch (output.format()) {
      case TABLE -> print(out, diagnosis);
      case JSON -> Json.print(out, JsonDiagnosis.of(diagnosis));
    }
    out.flush();
    return diagnosis.isWell() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private static void print(PrintWriter out, ClusterDiagnosis diagnosis) {
    CheckList.print(out, Terminal.ofStandardOutput(), diagnosis.checks());
    out.println();
    CheckList.printFacts(out, diagnosis.facts());
  }

  private record JsonDiagnosis(boolean isWell, List<CheckList.Row> checks, List<Fact> facts) {
    static JsonDiagnosis of(ClusterDiagnosis diagnosis) {
      return new JsonDiagnosis(
          diagnosis.isWell(),
          diagnosis.checks().stream().map(CheckList.Row::of).toList(),
          diagnosis.facts());
    }
  }
}
