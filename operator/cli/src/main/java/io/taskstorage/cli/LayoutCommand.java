package io.taskstorage.cli;

import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.cli.input.Judgement;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.cli.layout.LayoutDocument;
import io.taskstorage.cli.layout.LayoutTable;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.ExitCode;
import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import io.taskstorage.policy.AcceptedMap;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where the fields of a map's value are. */
@Command(
    name = "layout",
    description = {
      "Prints where the fields of a map's value are, or its C header.",
      "From manifests alone: needs no kernel and no privileges."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Printed.",
      "1:Could not read what was named, or the map is not in it.",
      "2:Wrong usage.",
      "3:A map that was asked for is refused; the messages say why."
    })
public final class LayoutCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private FilesOption files = new FilesOption();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MAP",
      description = "Name of the TaskStorageMap (default: all of them).")
  private Optional<String> map = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: table (the default), wide (with the C members), json or yaml.")
  private DataFormat format = DataFormat.TABLE;

  @Option(
      names = "--header",
      description = "Print the C header; the compiler that includes it checks size and offsets.")
  private boolean header;

  @Override
  public Integer call() {
    files.require(spec.commandLine());
    ManifestSet set = files.read("layout", files.namespace());
    Judgement judgement = Judgement.of(set);
    PrintWriter err = spec.commandLine().getErr();
    boolean isRefused = false;
    for (Judgement.Refusal refusal : judgement.refusals()) {
      if (isAskedFor(refusal)) {
        err.println("layout " + Table.printable(refusal.line()));
        isRefused = true;
      }
    }
    err.flush();
    SortedMap<String, AcceptedMap> maps = judgement.accepted().acceptedMaps();
    Collection<AcceptedMap> asked = map.map(name -> named(name, maps)).orElse(maps.values());
    if (asked.isEmpty() && !isRefused) {
      throw missing(maps);
    }
    print(asked);
    return isRefused ? ExitCode.REFUSED : ExitCode.OK;
  }

  private static Collection<AcceptedMap> named(String name, SortedMap<String, AcceptedMap> maps) {
    return maps.values().stream().filter(each -> each.name().equals(name)).toList();
  }

  /** What is wrong with a policy, or with another map, is not asked here. */
  private boolean isAskedFor(Judgement.Refusal refusal) {
    return refusal
        .problem()
        .object()
        .map(
            key ->
                key.kind().equals(TaskStorageMap.KIND) && map.map(key.name()::equals).orElse(true))
        .orElse(true);
  }

  private void print(Collection<AcceptedMap> maps) {
    PrintWriter out = spec.commandLine().getOut();
    if (header) {
      maps.forEach(each -> out.print(each.layout().cHeader()));
    } else if (!maps.isEmpty()) {
      LayoutDocument document = LayoutDocument.of(maps);
      switch (format) {
        case TABLE -> LayoutTable.print(out, Terminal.ofStandardOutput(), document, false);
        case WIDE -> LayoutTable.print(out, Terminal.ofStandardOutput(), document, true);
        case JSON -> Json.print(out, document);
        case YAML -> Yaml.print(out, document);
      }
    }
    out.flush();
  }

  private CommandFailure missing(SortedMap<String, AcceptedMap> maps) {
    return new CommandFailure(
        "layout%s: no TaskStorageMap%s in %s: %s"
            .formatted(
                map.map(name -> " " + name).orElse(""),
                map.isPresent() ? " of this name" : "",
                String.join(" ", files.files()),
                maps.isEmpty()
                    ? "name the files that hold it"
                    : "use one of " + String.join(", ", maps.keySet())));
  }
}
