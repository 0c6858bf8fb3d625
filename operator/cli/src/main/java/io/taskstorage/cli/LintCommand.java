package io.taskstorage.cli;

import io.taskstorage.cli.input.Judgement;
import io.taskstorage.cli.input.ManifestSet;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.ExitCode;
import io.taskstorage.console.Json;
import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges manifests as strictly as a cluster and its nodes do. */
@Command(
    name = "lint",
    description = {
      "Judges manifests as a cluster and its nodes would.",
      "Reads them strictly, checks every rule of the kinds, and judges the objects against one"
          + " another: give a policy's map too. Objects of other APIs are passed over."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything is accepted.",
      "1:Could not read what was named, or there was nothing to judge.",
      "2:Wrong usage.",
      "3:Something is refused."
    })
public final class LintCommand implements Callable<Integer> {
  /** How to print. */
  enum Form {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private FilesOption files = new FilesOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "How to print: text (the default), a line for each problem, or json.")
  private Form form = Form.TEXT;

  @Override
  public Integer call() {
    files.require(spec.commandLine());
    ManifestSet set = files.read("lint", files.namespace());
    if (set.objects().isEmpty() && set.problems().isEmpty()) {
      throw new CommandFailure(
          "lint %s: no object of taskstorage.io: name the files that hold some"
              .formatted(String.join(" ", files.files())));
    }
    Judgement judgement = Judgement.of(set);
    PrintWriter out = spec.commandLine().getOut();
    switch (form) {
      case TEXT -> print(out, set, judgement);
      case JSON -> Json.print(out, JsonLint.of(judgement));
    }
    out.flush();
    return judgement.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private void print(PrintWriter out, ManifestSet set, Judgement judgement) {
    Terminal terminal = Terminal.ofStandardOutput();
    judgement.refusals().forEach(each -> out.println(terminal.bad(Table.printable(each.line()))));
    judgement
        .warnings()
        .forEach(each -> out.println(terminal.warn(Table.printable(each.warningLine()))));
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    err.println(summary(set, judgement));
    err.flush();
  }

  private static String summary(ManifestSet set, Judgement judgement) {
    int accepted = judgement.acceptedObjects();
    int refused = judgement.refusedObjects();
    String passed =
        set.others() == 0 ? "" : ", %d of other APIs passed over".formatted(set.others());
    return "lint: %d accepted, %d refused%s".formatted(accepted, refused, passed);
  }

  private record JsonLint(
      int accepted, int refused, List<JsonProblem> problems, List<JsonProblem> warnings) {
    static JsonLint of(Judgement judgement) {
      return new JsonLint(
          judgement.acceptedObjects(),
          judgement.refusedObjects(),
          judgement.refusals().stream().map(JsonProblem::of).toList(),
          judgement.warnings().stream().map(JsonProblem::of).toList());
    }
  }
}
