package io.taskstorage.cli;

import io.taskstorage.cli.input.ClusterFacts;
import io.taskstorage.cli.input.Judgement;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.LiveCluster;
import io.taskstorage.cli.preview.Difference;
import io.taskstorage.cli.preview.DifferenceTable;
import io.taskstorage.cli.preview.Preview;
import io.taskstorage.cli.preview.PreviewComputation;
import io.taskstorage.cli.preview.PreviewTable;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.ExitCode;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who would carry which values. */
@Command(
    name = "preview",
    description = {
      "Shows who would carry which values, without writing any.",
      "Pods, namespaces and nodes come from the same files, or from the current cluster. The same"
          + " engine decides as on the nodes: which policy wins a field, which lose and why, and"
          + " what is refused."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Nothing is refused; with --diff: and nothing would change.",
      "1:Failed; with --diff: something would change.",
      "2:Wrong usage; with --diff: also failed.",
      "3:Something is refused."
    })
public final class PreviewCommand implements Callable<Integer> {
  /** With {@code --diff}, as kubectl diff has it. */
  private static final int DIFFERENT = 1;

  private static final String STAYS =
      ": refused as written: nodes that hold the version of the cluster go on with it";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private FilesOption files = new FilesOption();
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--live",
      description = {
        "Read the current cluster: pods, namespaces, nodes, and the maps and policies that are"
            + " there; the files are laid over them as if they were applied. With -n only pods of"
            + " that namespace."
      })
  private boolean live;

  @Option(
      names = "--diff",
      description = "Show only what would change in the current cluster; implies --live.")
  private boolean diff;

  @Option(
      names = "--prune",
      description =
          "Take maps and policies that only the cluster has as removed; needs --live or --diff.")
  private boolean prune;

  @Option(names = "--node", paramLabel = "NAME", description = "Show only what is on this node.")
  private Optional<String> node = Optional.empty();

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
    if (!live && !diff) {
      files.require(spec.commandLine());
    }
    if (!live && !diff && cluster.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "--context and --kubeconfig mean nothing without --live or --diff");
    }
    if (prune) {
      if (!live && !diff) {
        throw new ParameterException(
            spec.commandLine(), "--prune means nothing without --live or --diff");
      }
      files.require(spec.commandLine());
    }
    try {
      return live || diff ? ofCluster() : ofFiles();
    } catch (CommandFailure e) {
      if (!diff) {
        throw e;
      }
      PrintWriter err = spec.commandLine().getErr();
      err.println(e.getMessage());
      err.flush();
      return ExitCode.USAGE;
    }
  }

  private int ofFiles() {
    ManifestSet set = files.read("preview", files.namespace());
    if (set.objects().isEmpty() && set.problems().isEmpty()) {
      throw new CommandFailure(
          "preview %s: no object of taskstorage.io: name the files that hold some"
              .formatted(String.join(" ", files.files())));
    }
    Judgement judgement = Judgement.of(set).with(set.clusterProblems());
    return preview(set.cluster(), judgement, List.of());
  }

  private int ofCluster() {
    try (ApiConnection api = cluster.open()) {
      ManifestSet applied = files.read("preview", files.givenNamespace().orElse(api.namespace()));
      LiveCluster inCluster = new LiveCluster(api);
      ManifestSet now = inCluster.read(files.givenNamespace());
      Optional<String> unknownKinds = inCluster.unknownKinds();
      if (unknownKinds.isPresent() && applied.objects().isEmpty() && applied.problems().isEmpty()) {
        throw new CommandFailure(unknownKinds.get());
      }
      ManifestSet then = applied.over(prune ? now.onlyWhatIsIn(applied) : now);
      List<String> notes = new ArrayList<>(unknownKinds.stream().toList());
      Map<String, String> keptBpfNames = now.keptBpfNames();
      Judgement before = Judgement.of(now, Map.of(), keptBpfNames);
      Judgement after =
          Judgement.of(then, before.objectsInForce(), keptBpfNames).with(then.clusterProblems());
      after.staying().forEach(key -> notes.add(key + STAYS));
      return diff
          ? difference(then.cluster(), before, after, notes)
          : preview(then.cluster(), after, notes);
    }
  }

  private int preview(ClusterFacts cluster, Judgement judgement, List<String> told) {
    Preview preview = PreviewComputation.of(judgement.accepted(), cluster, node).with(told);
    PreviewOutput output = new PreviewOutput(spec.commandLine().getOut(), judgement);
    switch (format) {
      case TABLE, WIDE -> {
        PreviewTable.print(
            spec.commandLine().getOut(),
            Terminal.ofStandardOutput(),
            preview,
            format == DataFormat.WIDE);
        output.problems(!preview.carriers().isEmpty());
        tell(judgement, preview.notes(), summary(preview, judgement));
      }
      case JSON, YAML -> output.document(format, preview);
    }
    return judgement.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private int difference(
      ClusterFacts cluster, Judgement now, Judgement judgement, List<String> told) {
    Preview before = PreviewComputation.of(now.accepted(), cluster, node);
    Preview after = PreviewComputation.of(judgement.accepted(), cluster, node).with(told);
    Difference difference = Difference.of(before, after);
    PreviewOutput output = new PreviewOutput(spec.commandLine().getOut(), judgement);
    switch (format) {
      case TABLE, WIDE -> {
        DifferenceTable.print(
            spec.commandLine().getOut(),
            Terminal.ofStandardOutput(),
            difference,
            format == DataFormat.WIDE);
        output.problems(!difference.isEmpty());
        tell(
            judgement,
            after.notes(),
            difference.isEmpty()
                ? "preview: nothing would change"
                : "preview: %d would change".formatted(difference.changed().size()));
      }
      case JSON, YAML -> output.document(format, difference, after.notes());
    }
    if (!judgement.refusals().isEmpty()) {
      return ExitCode.REFUSED;
    }
    return difference.isEmpty() ? ExitCode.OK : DIFFERENT;
  }

  private void tell(Judgement judgement, List<String> notes, String summary) {
    PrintWriter err = spec.commandLine().getErr();
    judgement.warnings().forEach(each -> err.println(Table.printable(each.warningLine())));
    notes.forEach(note -> err.println("note: " + note));
    err.println(summary);
    err.flush();
  }

  private static String summary(Preview preview, Judgement judgement) {
    return "preview: %d carry values, %d objects accepted, %d refused"
        .formatted(
            preview.carriers().size(), judgement.acceptedObjects(), judgement.refusedObjects());
  }
}
