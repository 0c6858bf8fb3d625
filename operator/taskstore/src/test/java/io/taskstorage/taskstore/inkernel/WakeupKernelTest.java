package io.taskstorage.taskstore.inkernel;

import static io.taskstorage.taskstore.inkernel.TallyField.FAILED;
import static io.taskstorage.taskstore.inkernel.TallyField.LATE;
import static io.taskstorage.taskstore.inkernel.TallyField.MADE;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.ByteRange;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.inkernel.LooseSet.Fault;
import io.taskstorage.taskstore.inkernel.NodePrograms.Counted;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Preemption;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a birth can miss where the kernel puts tasks aside inside of system calls, and who makes it
 * good. From 7.0 on {@code newtask} is not run while another run of it was put aside on that CPU:
 * {@code wakeup} makes what is missing. Before, the kernel refuses entries while somebody was put
 * aside inside task storage, to {@code wakeup} too: it is counted and told, and left to a sweep.
 */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
@GuestTest(GuestSuite.RACE)
class WakeupKernelTest {
  /** Whether births are skipped here while another one is held. */
  private static final boolean ARE_SKIPPED = Preemption.isEverywhere() && !StorageGuard.isThere();

  /** Births that are held one after the other, and so many where what is waited for never comes. */
  private static final int HELD = 5;

  private static final int MOST_HELD = 200;

  /** Tasks that look meanwhile, each time. */
  private static final int MEANWHILE = 20;

  private static final long MOST_STARTS = 2_000_000;
  private static final long PAUSE_NANOS = 100_000;

  /** Threads that are born at once, at least, and where it never comes to a refusal. */
  private static final int AT_ONCE = 50;

  private static final int LEAST_BORN = 100;
  private static final int MOST_BORN = 8_000;

  private static final int BYTES = Long.BYTES;
  private static final Value VALUE = Value.of(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});

  private final Gate gate = new Gate();
  private int held;

  @AfterEach
  void closeGate() {
    gate.close();
  }

  @Test
  void withoutItBirthsThatTheKernelSkipsHaveNothing(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    // Given
    try (LooseSet set = set(EnumSet.of(Fault.NO_WAKEUP), bpffs)) {
      Race race = new Race(set, sandbox, folder, set.pins());
      // When
      Race.Result result = heldAgainAndAgain(race, errors -> errors > 0);
      // Then
      long skipped = set.skipped();
      System.out.println("without: " + skipped + " skipped, " + result.firstActs());
      assertRightButForMissing(result);
      assertThat(result.firstActs().missing())
          .as("%s", result)
          .isLessThanOrEqualTo(RaceCgroup.WORDS.size() * skipped + refused(set));
      if (ARE_SKIPPED) {
        assertThat(result.firstActs().missing()).as("%s", result).isPositive();
        assertThat(refused(set)).as("nobody is told of what was skipped").isZero();
      }
    }
  }

  @Test
  void withItTheyHaveTheirValueBeforeTheyRun(
      CgroupSandbox sandbox, @BpffsMount Path bpffs, @TempDir Path folder) throws IOException {
    // Given
    try (LooseSet set = set(Set.of(), bpffs)) {
      Race race = new Race(set, sandbox, folder, set.pins());
      // When
      Race.Result result = heldAgainAndAgain(race, _ -> set.count(Counted.WAKEUP, MADE) > 0);
      // Then
      long made = set.count(Counted.WAKEUP, MADE);
      System.out.println("with: " + made + " made by wakeup, " + result.firstActs());
      assertRightButForMissing(result);
      assertThat(result.firstActs().missing()).as("%s", result).isLessThanOrEqualTo(refused(set));
      if (!StorageGuard.refusesBirths()) {
        assertThat(refused(set)).as("entries that were refused").isZero();
      }
      if (ARE_SKIPPED) {
        assertThat(set.skipped()).as("births that newtask was not called for").isPositive();
        assertThat(made).as("entries that wakeup made").isPositive();
      }
    }
  }

  @Test
  void whatTheKernelRefusesIsCountedToldAndMadeBySweep(CgroupSandbox sandbox, Tasks tasks) {
    // Given
    Cgroup cgroup = sandbox.create("one");
    try (BpfMap entries = TestMaps.entries("wakeup", BYTES);
        ProgramSet set =
            ProgramSet.load(
                ProgramSource.OF_THIS_KERNEL,
                List.of(new ProgramSet.SetMap(entries, BYTES, List.of(new ByteRange(0, BYTES)))))) {
      set.attach();
      set.assign(cgroup.id(), TestMaps.row(List.of(Optional.of(VALUE))));
      set.sweep();
      set.advance();
      Task parent = tasks.processIn(cgroup.path());
      // When
      Set<Integer> born = bornWhileOthersStore(set, parent, tasks);
      // Then
      Set<Integer> without = new TreeSet<>(born);
      without.removeAll(withEntry(set));
      long refused = count(set.tally(Counted.WAKEUP), FAILED);
      System.out.println(without.size() + " of " + born.size() + " were refused their entry");
      assertThat(without).as("births that wakeup was refused for").hasSize((int) refused);
      if (StorageGuard.isThere() && Preemption.isAtOnce()) {
        assertThat(refused).isPositive();
      }
      if (!StorageGuard.refusesBirths()) {
        assertThat(refused).isZero();
        assertThat(count(set.tally(Counted.NEWTASK), FAILED)).isZero();
      }
      assertThat(toldToHaveFailed(set)).containsAll(without);
      assertThat(count(set.verify(), LATE)).isEqualTo(refused);
      // When
      var swept = set.sweep();
      // Then
      assertThat(count(swept, LATE)).isEqualTo(refused);
      assertThat(count(swept, FAILED)).isZero();
      assertThat(withEntry(set)).containsAll(born);
      var verified = set.verify().getFirst();
      assertThat(verified).containsEntry(LATE, 0L).containsEntry(MADE, 0L);
    }
  }

  private LooseSet set(Set<Fault> faults, Path bpffs) {
    return new LooseSet(faults, gate, EnumSet.of(Gate.Point.ROW_READ), bpffs);
  }

  /** Tasks start, no row changes, and one birth after the other is held for a while. */
  private Race.Result heldAgainAndAgain(Race race, LongPredicate isEnough) {
    return race.run(
        MOST_STARTS,
        errors ->
            held >= (ARE_SKIPPED ? MOST_HELD : HELD) || (held >= HELD && isEnough.test(errors))
                ? Optional.empty()
                : Optional.of(() -> hold(race)));
  }

  /** Where programs are not put aside, those on the other CPUs start meanwhile. */
  private void hold(Race race) {
    long letGo = gate.letGo();
    gate.close(Gate.Point.ROW_READ);
    await(race, () -> gate.isHeld(Gate.Point.ROW_READ));
    long enough = race.starts() + MEANWHILE;
    await(race, () -> race.starts() >= enough);
    gate.open();
    // Else it could miss that the gate was open, and the next be held beside it.
    await(race, () -> gate.letGo() > letGo);
    held++;
  }

  private static void await(Race race, BooleanSupplier isSo) {
    while (race.isRunning() && !isSo.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static void assertRightButForMissing(Race.Result result) {
    Race.Seen sum = result.sum();
    assertThat(sum.starts()).isPositive();
    assertThat(sum.wrong() + sum.stray() + sum.failed()).as("%s", result).isZero();
  }

  private static long refused(LooseSet set) {
    return set.count(Counted.NEWTASK, FAILED)
        + set.count(Counted.WAKEUP, FAILED)
        + set.count(Counted.ATTACH, FAILED);
  }

  /** Threads, until one was refused its entry where that happens. */
  private static Set<Integer> bornWhileOthersStore(ProgramSet set, Task parent, Tasks tasks) {
    Set<Integer> born = new TreeSet<>();
    try (EntryWriters writers = EntryWriters.start(tasks)) {
      boolean isEnough = false;
      while (!isEnough && born.size() < MOST_BORN) {
        parent.threads(AT_ONCE).forEach(thread -> born.add(thread.tid()));
        isEnough =
            born.size() >= LEAST_BORN
                && writers.haveStored()
                && (!StorageGuard.refusesBirths() || count(set.tally(Counted.WAKEUP), FAILED) > 0);
      }
      assertThat(writers.haveStored()).as("others have stored meanwhile").isTrue();
    }
    return born;
  }

  private static Set<Integer> withEntry(ProgramSet set) {
    return set.list(0).stream().map(Found::tid).collect(Collectors.toSet());
  }

  private static Set<Integer> toldToHaveFailed(ProgramSet set) {
    return set.events().stream()
        .filter(event -> event.kind() == Event.Kind.TASK_FAILED)
        .map(Event::task)
        .collect(Collectors.toSet());
  }

  private static long count(List<Map<TallyField, Long>> tally, TallyField field) {
    return tally.getFirst().getOrDefault(field, -1L);
  }
}
