package io.taskstorage.cli;

import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.cli.explain.NodeReport;
import io.taskstorage.cli.explain.NodeReportComputation;
import io.taskstorage.cli.explain.NodeReportTable;
import io.taskstorage.cli.input.Judgement;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.cli.input.PodDescription;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.LiveCluster;
import io.taskstorage.cli.live.LiveStatus;
import io.taskstorage.cli.preview.Preview;
import io.taskstorage.cli.preview.PreviewComputation;
import io.taskstorage.cli.preview.PreviewTable;
import io.taskstorage.console.ExitCode;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Why a pod's tasks carry what they carry. */
@Command(
    name = "explain",
    description = {
      "Shows which values a pod of a cluster gets, from which policies, and why.",
      "The same engine decides as on the nodes: which policy wins a field, which lose and by which"
          + " rule. Then what the pod's node says of these maps and policies."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Shown.",
      "1:Could not read the cluster, or the pod is not in it.",
      "2:Wrong usage."
    })
public final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Parameters(index = "0", paramLabel = "POD", description = "Name of the pod.")
  private String pod = "";

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The pod's namespace (default: that of the context).")
  private Optional<String> namespace = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "How to print: table (the default), wide (with bytes, and fields that nobody sets), json"
              + " or yaml.")
  private DataFormat format = DataFormat.TABLE;

  @Override
  public Integer call() {
    ManifestSet set;
    String node;
    Optional<NodeStateStatus> state;
    try (ApiConnection api = cluster.open()) {
      set = new LiveCluster(api).readPod(namespace.orElse(api.namespace()), pod);
      node = onlyPod(set).nodeName();
      state = node.isEmpty() ? Optional.empty() : LiveStatus.nodeState(api, node);
    }
    Judgement judgement = Judgement.of(set, Map.of(), set.keptBpfNames());
    Preview preview =
        PreviewComputation.of(judgement.accepted(), set.cluster(), Optional.of(node)).ofPods();
    Optional<NodeReport> report =
        node.isEmpty() || preview.carriers().isEmpty()
            ? Optional.empty()
            : Optional.of(NodeReportComputation.of(node, preview, set, state));
    PreviewOutput output = new PreviewOutput(spec.commandLine().getOut(), judgement);
    switch (format) {
      case TABLE, WIDE -> print(preview, report, output);
      case JSON, YAML -> output.document(format, preview, report);
    }
    return ExitCode.OK;
  }

  private static PodDescription onlyPod(ManifestSet set) {
    return set.cluster().pods().values().iterator().next();
  }

  private void print(Preview preview, Optional<NodeReport> report, PreviewOutput output) {
    PrintWriter out = spec.commandLine().getOut();
    Terminal terminal = Terminal.ofStandardOutput();
    PreviewTable.print(out, terminal, preview, format == DataFormat.WIDE);
    report.ifPresent(
        said -> {
          out.println();
          NodeReportTable.print(out, terminal, said);
        });
    output.problems(!preview.carriers().isEmpty());
    PrintWriter err = spec.commandLine().getErr();
    List<String> behind = report.map(NodeReportTable::notes).orElse(List.of());
    preview.notes().forEach(note -> err.println("note: " + Table.printable(note)));
    behind.forEach(note -> err.println("note: " + Table.printable(note)));
    if (preview.carriers().isEmpty()) {
      err.println("explain " + pod + ": carries no value: no accepted policy selects it");
    }
    err.flush();
  }
}
