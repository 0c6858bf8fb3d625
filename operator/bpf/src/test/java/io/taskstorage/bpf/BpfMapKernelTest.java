package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Task storage maps and their entries, on the real kernel. */
@KernelTest(needs = KernelTest.Need.BPFFS)
class BpfMapKernelTest {
  private static final int SIZE = 24;

  @Test
  void hasExactlyTheAttributesOfTheSpec() {
    // Given
    MapSpec spec = ByteMaps.bytes("tenant_ctx", SIZE);

    // When
    try (BpfMap map = BpfMap.create(spec)) {
      MapInfo info = map.info();

      // Then
      assertThat(spec.differences(info)).isEmpty();
      assertThat(info.isTaskStorage()).isTrue();
      assertThat(info.id()).isPositive();
      assertThat(info.btfId()).isPositive();
      assertThat(info.btfKeyTypeId()).isEqualTo(spec.btfKeyTypeId());
      assertThat(info.btfValueTypeId()).isEqualTo(spec.btfValueTypeId());
      assertThat(info.mapExtra()).isZero();
      assertThat(info.frozen()).isFalse();
    }
  }

  @Test
  void keepsOneValuePerTask(Tasks tasks) {
    // Given
    byte[] first = ByteMaps.filled(SIZE, 1);
    byte[] second = ByteMaps.filled(SIZE, 2);
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("per_task", SIZE));
        Pidfd one = ByteMaps.open(tasks.process().pid());
        Pidfd other = ByteMaps.open(tasks.process().pid())) {

      // When
      Update created = map.update(one, first, UpdateMode.ANY);
      map.update(other, second, UpdateMode.ANY);

      // Then
      assertThat(created).isEqualTo(new Update.Updated());
      assertThat(value(map, one)).isEqualTo(first);
      assertThat(value(map, other)).isEqualTo(second);
    }
  }

  @Test
  void updateModesDecideWhatIsWritten(Tasks tasks) {
    // Given
    byte[] first = ByteMaps.filled(SIZE, 1);
    byte[] second = ByteMaps.filled(SIZE, 2);
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("modes", SIZE));
        Pidfd task = ByteMaps.open(tasks.process().pid())) {

      // When
      Update absent = map.update(task, first, UpdateMode.EXIST);
      Update created = map.update(task, first, UpdateMode.NOEXIST);
      Update present = map.update(task, second, UpdateMode.NOEXIST);
      Update replaced = map.update(task, second, UpdateMode.EXIST);

      // Then
      assertThat(absent).isEqualTo(new Update.NoEntry());
      assertThat(created).isEqualTo(new Update.Updated());
      assertThat(present).isEqualTo(new Update.AlreadyPresent());
      assertThat(replaced).isEqualTo(new Update.Updated());
      assertThat(value(map, task)).isEqualTo(second);
    }
  }

  @Test
  void tellsATaskWithoutEntryFromATaskThatIsGone(Tasks tasks) {
    // Given
    byte[] value = ByteMaps.filled(SIZE, 7);
    Task process = tasks.process();
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("gone", SIZE));
        Pidfd task = ByteMaps.open(process.pid())) {
      Lookup before = map.lookup(task);
      Delete deletedBefore = map.delete(task);
      map.update(task, value, UpdateMode.ANY);
      process.exit();
      Lookup zombie = map.lookup(task);

      // When
      process.reap();

      // Then
      assertThat(before).isEqualTo(new Lookup.NoEntry());
      assertThat(deletedBefore).isEqualTo(new Delete.NoEntry());
      assertThat(zombie).isInstanceOf(Lookup.Present.class);
      assertThat(map.lookup(task)).isEqualTo(new Lookup.TaskGone());
      assertThat(map.update(task, value, UpdateMode.ANY)).isEqualTo(new Update.TaskGone());
      assertThat(map.delete(task)).isEqualTo(new Delete.TaskGone());
    }
  }

  @Test
  void refusesAValueOfAnotherLength(Tasks tasks) {
    // Given
    byte[] tooShort = new byte[SIZE - 1];
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("length", SIZE));
        Pidfd task = ByteMaps.open(tasks.process().pid())) {

      // When // Then
      assertThatThrownBy(() -> map.update(task, tooShort, UpdateMode.ANY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("map update length: 23 bytes: the value has 24");
    }
  }

  @Test
  void belongsToOneThread(Tasks tasks) throws InterruptedException {
    // Given
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("confined", SIZE));
        Pidfd task = ByteMaps.open(tasks.process().pid())) {
      FutureTask<Lookup> elsewhere = new FutureTask<>(() -> map.lookup(task));

      // When
      Thread thread = Thread.ofPlatform().start(elsewhere);
      thread.join();

      // Then
      assertThatThrownBy(elsewhere::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WrongThreadException.class);
    }
  }

  @Test
  void livesOnInItsPin(@BpffsMount Path bpffs, Tasks tasks) {
    // Given
    Path pin = bpffs.resolve("tenant_ctx");
    byte[] value = ByteMaps.filled(SIZE, 9);
    try (Pidfd task = ByteMaps.open(tasks.process().pid())) {
      int id;
      try (BpfMap map = BpfMap.create(ByteMaps.bytes("tenant_ctx", SIZE))) {
        map.pin(pin);
        map.update(task, value, UpdateMode.ANY);
        id = map.info().id();
      }

      // When
      try (BpfMap again = BpfMap.open(pin, Access.READ_WRITE)) {

        // Then
        assertThat(again.info().id()).isEqualTo(id);
        assertThat(value(again, task)).isEqualTo(value);
      }
      Bpffs.unpin(pin);
      assertThat(Files.exists(pin)).isFalse();
    }
  }

  @Test
  void anAccessModeBindsTheDescriptor(@BpffsMount Path bpffs, Tasks tasks) {
    // Given
    Path pin = bpffs.resolve("modes");
    byte[] value = new byte[SIZE];
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("modes", SIZE));
        Pidfd task = ByteMaps.open(tasks.process().pid())) {
      map.pin(pin);
      map.update(task, value, UpdateMode.ANY);

      // When
      try (BpfMap reader = BpfMap.open(pin, Access.READ_ONLY);
          BpfMap writer = BpfMap.open(pin, Access.WRITE_ONLY)) {

        // Then
        assertThat(value(reader, task)).isEqualTo(value);
        assertThatThrownBy(() -> reader.update(task, value, UpdateMode.ANY))
            .hasMessage(
                "map update modes of task %d: EPERM (operation not permitted): the map is frozen,"
                    + " or its pin was opened for the other direction only",
                task.tid());
        assertThatThrownBy(() -> reader.delete(task)).hasMessageContaining("map delete modes");
        assertThat(writer.update(task, value, UpdateMode.ANY)).isEqualTo(new Update.Updated());
        assertThatThrownBy(() -> writer.lookup(task)).hasMessageContaining("map lookup modes");
        assertThat(writer.delete(task)).isEqualTo(new Delete.Deleted());
      }
    }
  }

  @Test
  void newPinsAreTheOwnersAlone(@BpffsMount Path bpffs) throws Exception {
    // Given
    Path pin = bpffs.resolve("mine");
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("mine", SIZE))) {

      // When
      map.pin(pin);

      // Then
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pin)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void freezingTakesTheRightToWrite(Tasks tasks) {
    // Given
    byte[] value = ByteMaps.filled(SIZE, 3);
    try (BpfMap map = BpfMap.create(ByteMaps.bytes("frozen", SIZE));
        Pidfd task = ByteMaps.open(tasks.process().pid())) {
      map.update(task, value, UpdateMode.ANY);

      // When
      map.freeze();

      // Then
      assertThat(map.info().frozen()).isTrue();
      assertThat(value(map, task)).isEqualTo(value);
      assertThatThrownBy(() -> map.update(task, value, UpdateMode.ANY))
          .isInstanceOfSatisfying(
              BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    }
  }

  @Test
  void closesTwice() {
    // Given
    BpfMap map = BpfMap.create(ByteMaps.bytes("twice", SIZE));
    map.close();

    // When
    map.close();

    // Then
    assertThatThrownBy(map::info)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("descriptor: is closed");
  }

  private static byte[] value(BpfMap map, Pidfd task) {
    return map.lookup(task) instanceof Lookup.Present(byte[] value) ? value : new byte[0];
  }
}
