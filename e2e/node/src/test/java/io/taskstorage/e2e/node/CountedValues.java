package io.taskstorage.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sample {@code count-by-value}, built as its Makefile says, at work on a pin. */
final class CountedValues implements AutoCloseable {
  private static final Pattern LINE =
      Pattern.compile("tenant_id=(\\d+) qos=(\\d+): tasks=(\\d+) execs=(\\d+) calls=(\\d+)");

  /** Between two prints of everything. */
  private static final String PERIOD_MILLIS = "50";

  /** Only a broken machine reaches it. */
  static final Duration LIMIT = Duration.ofSeconds(90);

  private final Child child;

  private CountedValues(Child child) {
    this.child = child;
  }

  /** The two fields by which is counted. */
  record Who(long tenant, long qos) {}

  /** How often each thing was seen. */
  record Counts(long tasks, long execs, long calls) {
    static final Counts NONE = new Counts(0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(tasks + other.tasks, execs + other.execs, calls + other.calls);
    }
  }

  /** Builds the sample; returns the program. */
  static Path build() {
    return Sample.build("count-by-value", "count_by_value");
  }

  /** Runs the program; comes back when it counts. */
  static CountedValues start(Path program, Path pin) {
    Child child = Command.of(program.toString(), pin.toString(), PERIOD_MILLIS).start();
    try {
      child.awaitLine("^$");
      return new CountedValues(child);
    } catch (AssertionError e) {
      child.close();
      throw e;
    }
  }

  /** What was counted up to some moment after this call. */
  Map<Who, Counts> now() {
    int printed = blocks().size();
    // The block after them may be in the making already.
    await().atMost(LIMIT).until(() -> blocks().size() > printed + 1);
    return blocks().get(printed + 1);
  }

  /** Waits until something was counted for these values. */
  void awaitAny(Who who) {
    await().atMost(LIMIT).until(() -> blocks().getLast().containsKey(who));
  }

  /** Ends the program; returns what it had counted by then. */
  Map<Who, Counts> end() {
    child.signal(Signal.TERM);
    Outcome outcome = child.awaitExit();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stderr()).isEmpty();
    return blocks().getLast();
  }

  /** Those that are printed whole: behind each is an empty line. */
  private List<Map<Who, Counts>> blocks() {
    List<Map<Who, Counts>> blocks = new ArrayList<>();
    Map<Who, Counts> block = new HashMap<>();
    for (String line : child.stdout().lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        block.put(
            new Who(number(matcher, 1), number(matcher, 2)),
            new Counts(number(matcher, 3), number(matcher, 4), number(matcher, 5)));
      } else {
        assertThat(line).as("between two blocks").isEmpty();
        blocks.add(block);
        block = new HashMap<>();
      }
    }
    return blocks;
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseUnsignedLong(matcher.group(group));
  }

  @Override
  public void close() {
    child.close();
  }
}
