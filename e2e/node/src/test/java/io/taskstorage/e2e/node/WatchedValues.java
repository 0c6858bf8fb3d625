package io.taskstorage.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Sample;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * BPF programs in C, loaded by libbpf, that look at the value of whoever makes system calls again
 * and again: where halves of a scalar were stored one after the other, they would meet it.
 */
final class WatchedValues implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile(
          "calls (\\d+) changes (\\d+) torn (\\d+) births (\\d+) missing (\\d+) used (\\d+)\n");

  private final Child child;

  private WatchedValues(Child child) {
    this.child = child;
  }

  /**
   * What the programs have seen.
   *
   * @param calls of the one process; as often its entry's own field was counted up
   * @param changes between two looks at the same call
   * @param torn scalars with halves of two versions
   * @param births of children whose parent had a value
   * @param missing births without a value
   * @param used births with something in the field of programs
   */
  record Seen(long calls, long changes, long torn, long births, long missing, long used) {}

  /**
   * Builds the programs and attaches them to the map.
   *
   * @param process whose calls are counted
   * @param folder takes the object
   */
  static WatchedValues start(Path pin, Child process, Path folder) {
    Path object = folder.resolve("watch.bpf.o");
    String multiarch = Command.of("gcc", "-print-multiarch").run().stdoutIfDone().strip();
    Command.of("bpf-gcc", "-O2", "-gbtf", "-fno-cse-follow-jumps", "-Wall", "-Werror", "-c")
        .arguments(resource("watch.bpf.c").toString(), "-o", object.toString())
        .arguments("-I", Sample.FOLDER.resolve("quickstart").toString())
        .arguments("-isystem", "/usr/include", "-isystem", "/usr/include/" + multiarch)
        .run()
        .stdoutIfDone();
    Path program =
        Gcc.compileFiles("watch", List.of(resource("watch.c"), resource("seen.h")), "-lbpf");
    Child child =
        Command.of(program.toString(), object.toString(), pin.toString())
            .arguments(Integer.toString(process.pid()))
            .start();
    try {
      child.awaitLine("^attached$");
      return new WatchedValues(child);
    } catch (AssertionError e) {
      child.close();
      throw e;
    }
  }

  /** Detaches them; returns what they have seen. */
  Seen end() {
    child.signal(Signal.TERM);
    Outcome outcome = child.awaitExit();
    Matcher line = LINE.matcher(outcome.stdoutIfDone());
    assertThat(line.find()).as("%s", outcome).isTrue();
    return new Seen(
        number(line, 1),
        number(line, 2),
        number(line, 3),
        number(line, 4),
        number(line, 5),
        number(line, 6));
  }

  private static long number(Matcher line, int group) {
    return Long.parseLong(line.group(group));
  }

  private static Path resource(String name) {
    try {
      URL url = WatchedValues.class.getResource("/WatchedValues/" + name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(name, e);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
