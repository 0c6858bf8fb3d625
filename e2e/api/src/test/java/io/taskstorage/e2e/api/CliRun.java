package io.taskstorage.e2e.api;

import io.taskstorage.cli.TaskStorageCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * One command of ours, run in this process.
 *
 * @param out standard output, without what is different each time
 * @param err standard error, likewise
 */
record CliRun(int exitCode, String out, String err) {
  private static final Pattern ADDRESS = Pattern.compile("https://127\\.0\\.0\\.1:[0-9]+/?");
  private static final Pattern UID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  static CliRun of(Path kubeconfig, String... words) {
    return of(
        Stream.concat(Arrays.stream(words), Stream.of("--kubeconfig", kubeconfig.toString()))
            .toArray(String[]::new));
  }

  /** One that needs no cluster. */
  static CliRun of(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        TaskStorageCli.commandLine(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(words);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return new CliRun(exitCode, stable(out.toString()), stable(err.toString()));
  }

  private static String stable(String text) {
    return UID.matcher(ADDRESS.matcher(text).replaceAll("SERVER/")).replaceAll("UID");
  }
}
