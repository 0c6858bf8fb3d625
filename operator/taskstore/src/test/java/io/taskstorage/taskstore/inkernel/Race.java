package io.taskstorage.taskstore.inkernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tasks are started in several cgroups, in every way, while the rows of these change back to back.
 * Each looks at its own entries as its first act, and judges them: every word must be of its own
 * cgroup and of a version that was in force while it looked, an entry must be there exactly where
 * one is due, and the word of a program must be zero.
 */
final class Race {
  /** What only a broken machine reaches. */
  static final Duration LIMIT = Duration.ofMinutes(10);

  /**
   * What the tasks of one kind saw.
   *
   * @param missing they had no entry, and one was due
   * @param wrong they had an entry of another cgroup or version
   * @param stray they had an entry, and none was due
   * @param failed they could not be started, or could not look
   */
  record Seen(long starts, long missing, long wrong, long stray, long failed) {
    long errors() {
      return missing + wrong + stray + failed;
    }

    Seen plus(Seen other) {
      return new Seen(
          starts + other.starts,
          missing + other.missing,
          wrong + other.wrong,
          stray + other.stray,
          failed + other.failed);
    }
  }

  /**
   * How it ended.
   *
   * @param byKind in the order of race.h; the last kind are looks of tasks that run on
   * @param samples the first errors, one a line
   */
  record Result(Map<String, Seen> byKind, long turns, String samples) {
    Seen sum() {
      return byKind.values().stream().reduce(new Seen(0, 0, 0, 0, 0), Seen::plus);
    }

    /** No task found anything but its own values, and there were enough of each kind. */
    void assertAllRight(long mustStart) {
      Seen sum = sum();
      assertThat(sum.wrong + sum.stray + sum.failed).as("%s", this).isZero();
      if (!StorageGuard.refusesBirths()) {
        // Where it does, WakeupKernelTest asks what becomes of them.
        assertThat(sum.missing).as("%s", this).isZero();
      }
      assertThat(firstActs().starts).isGreaterThanOrEqualTo(mustStart);
      assertThat(byKind.values()).as("kinds").allMatch(seen -> seen.starts > 0);
    }

    /** A line for each kind. */
    String text() {
      StringBuilder text = new StringBuilder("kind starts missing wrong stray failed\n");
      byKind.forEach(
          (kind, seen) ->
              text.append(
                  "%s %d %d %d %d %d%n"
                      .formatted(
                          kind, seen.starts, seen.missing, seen.wrong, seen.stray, seen.failed)));
      return text.append(turns).append(" turns").toString();
    }

    /** Of the tasks that looked as their first act. */
    Seen firstActs() {
      return byKind.entrySet().stream()
          .filter(kind -> !kind.getKey().equals("later"))
          .map(Map.Entry::getValue)
          .reduce(new Seen(0, 0, 0, 0, 0), Seen::plus);
    }
  }

  private final RaceRows rows;
  private final RaceMemory memory;
  private final Map<RaceCgroup, Cgroup> cgroups = new EnumMap<>(RaceCgroup.class);
  private final RaceChanges changes;
  private final List<Path> pins;
  private @Nullable Child child;

  /**
   * Makes the cgroups, and gives them their first rows.
   *
   * @param pins of the maps, of {@link RaceCgroup#WORDS}
   */
  Race(RaceRows rows, CgroupSandbox sandbox, Path folder, List<Path> pins) throws IOException {
    this.rows = rows;
    this.memory = RaceMemory.create(folder);
    this.changes = new RaceChanges(rows, memory, new Random(5));
    this.pins = List.copyOf(pins);
    for (RaceCgroup each : RaceCgroup.values()) {
      Cgroup above =
          each == RaceCgroup.INNER
              ? Objects.requireNonNull(cgroups.get(RaceCgroup.FIRST))
              : sandbox.top();
      Cgroup made = above.create(each.name().toLowerCase(Locale.ROOT));
      cgroups.put(each, made);
      memory.id(each, made.id());
    }
    turn(EnumSet.of(RaceCgroup.FIRST, RaceCgroup.SECOND, RaceCgroup.STILL));
  }

  /** Changes the rows of some cgroups, and brings all in line. */
  void turn(Collection<RaceCgroup> changing) {
    changes.turn(changing);
  }

  /** A turn of any of the cgroups that change. */
  void anyTurn() {
    changes.anyTurn();
  }

  /** What the tasks and all agents share. */
  RaceMemory memory() {
    return memory;
  }

  /** Rows of nothing: no task may have an entry after that. */
  void end() {
    cgroups.values().forEach(cgroup -> rows.unassign(cgroup.id()));
    rows.sweep();
  }

  /**
   * Starts so many tasks while turns follow one another.
   *
   * @param turn is done again and again with the errors so far; empty ends the race early
   */
  Result run(long starts, LongFunction<Optional<Runnable>> turn) {
    return run(starts, () -> true, turn);
  }

  /**
   * The same, and more tasks until something else was done often enough, too.
   *
   * @param isEnough asked after each turn
   */
  Result run(long starts, BooleanSupplier isEnough, LongFunction<Optional<Runnable>> turn) {
    Path program =
        Gcc.compileFiles(
            "born",
            Stream.of("race.h", "born.c", "starts.c", "look.c").map(Race::resource).toList(),
            "-pthread");
    memory.target(isEnough.getAsBoolean() ? starts : Long.MAX_VALUE);
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add(memory.file().toString());
    pins.forEach(pin -> command.add(pin.toString()));
    cgroups.values().forEach(cgroup -> command.add(cgroup.path().toString()));
    try (Child started = Command.of(command).start()) {
      child = started;
      boolean isOver = false;
      while (isRunning() && !isOver) {
        Optional<Runnable> next = turn.apply(memory.errors());
        next.ifPresent(Runnable::run);
        isOver = next.isEmpty();
        if (isEnough.getAsBoolean()) {
          memory.target(starts);
        }
      }
      memory.stop();
      return result(started.awaitExit(LIMIT));
    }
  }

  /** How many have looked as their first act. */
  long starts() {
    return memory.starts();
  }

  /** Whether there are still tasks that start others. */
  boolean isRunning() {
    return child != null && child.isAlive();
  }

  private Result result(Outcome outcome) {
    Map<String, Seen> byKind = new LinkedHashMap<>();
    for (String line : outcome.stdoutIfDone().lines().toList()) {
      String[] words = line.split(" ", -1);
      byKind.put(
          words[0],
          new Seen(
              Long.parseLong(words[1]),
              Long.parseLong(words[2]),
              Long.parseLong(words[3]),
              Long.parseLong(words[4]),
              Long.parseLong(words[5])));
    }
    return new Result(byKind, memory.count(RaceMemory.Count.TURNS), outcome.stderr());
  }

  private static Path resource(String name) {
    try {
      URL url = Race.class.getResource("/RaceKernelTest/" + name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(name, e);
    }
  }
}
