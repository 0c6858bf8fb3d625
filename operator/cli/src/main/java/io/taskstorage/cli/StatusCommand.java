package io.taskstorage.cli;

import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.LiveStatus;
import io.taskstorage.cli.status.ClusterStatus;
import io.taskstorage.cli.status.StatusComputation;
import io.taskstorage.cli.status.StatusReport;
import io.taskstorage.cli.status.StatusTable;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.ExitCode;
import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What of a cluster is not in line. */
@Command(
    name = "status",
    description = {
      "Shows what of a cluster is not in line, where, why, and what to do.",
      "Reads the statuses of maps and policies, and what the agents report of their nodes: a row"
          + " for each map, then each thing that is not as the objects ask."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All is in line.",
      "1:Could not read the cluster, or the map is not in it.",
      "2:Wrong usage.",
      "3:Something is not in line."
    })
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOption cluster = new ClusterOption();
  @Mixin private SystemNamespaceOption system = new SystemNamespaceOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MAP",
      description =
          "Name of a TaskStorageMap: tell only of it, and of its policies and nodes (default: all"
              + " of them).")
  private Optional<String> map = Optional.empty();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description =
          "Tell only of policies of this namespace; what the account may not read beyond it is left"
              + " out, and noted.")
  private Optional<String> namespace = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: table (the default), wide (with all nodes), json or yaml.")
  private DataFormat format = DataFormat.TABLE;

  @Override
  public Integer call() {
    ClusterStatus read;
    try (ApiConnection api = cluster.open()) {
      read = new LiveStatus(api, namespace, system.namespace()).read();
      map.filter(name -> !read.maps().containsKey(name))
          .ifPresent(
              name -> {
                throw missing(api.server(), name, read);
              });
    }
    StatusReport report = StatusComputation.of(read, map);
    print(report);
    return report.inLine() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private static CommandFailure missing(String server, String name, ClusterStatus read) {
    return new CommandFailure(
        "read status of %s: no such TaskStorageMap at %s: %s"
            .formatted(
                name,
                server,
                read.maps().isEmpty()
                    ? "there is none that the account may read"
                    : "use one of " + String.join(", ", read.maps().keySet())));
  }

  private void print(StatusReport report) {
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TABLE, WIDE -> {
        StatusTable.print(out, Terminal.ofStandardOutput(), report, format == DataFormat.WIDE);
        out.flush();
        tell(report);
      }
      case JSON -> Json.print(out, report);
      case YAML -> Yaml.print(out, report);
    }
    out.flush();
  }

  private void tell(StatusReport report) {
    PrintWriter err = spec.commandLine().getErr();
    report.notes().forEach(note -> err.println("note: " + Table.printable(note)));
    err.println("status: " + summary(report));
    err.flush();
  }

  private static String summary(StatusReport report) {
    if (!report.inLine()) {
      return "%d not in line".formatted(report.notInLine().size());
    }
    return report.maps().isEmpty() ? "there is no TaskStorageMap" : "all is in line";
  }
}
