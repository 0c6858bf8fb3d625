package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

/** A map, a key and flags that an element command meets, and the entry that is there before. */
final class Target {
  private static final int OLD = 0x5a;
  private static final int NEW = 0xc3;

  private final RawMap map;
  private final RawMap commanded;
  private final int key;
  private final long flags;
  private final int entry;
  private final byte @Nullable [] before;

  /**
   * @param map for looking what came of the command
   * @param commanded for the command
   * @param key the descriptor that goes into the key
   * @param flags of the command
   * @param entry a pidfd of the task behind the key; -1 where there is none
   * @param before what the task's entry holds; null where it has none
   */
  private Target(
      RawMap map, RawMap commanded, int key, long flags, int entry, byte @Nullable [] before) {
    this.map = map;
    this.commanded = commanded;
    this.key = key;
    this.flags = flags;
    this.entry = entry;
    this.before = before;
  }

  /** A task without an entry. */
  static Target absent(RawMap map, int pidfd, long flags) {
    return new Target(map, map, pidfd, flags, pidfd, null);
  }

  /** A task to which an entry is given here. */
  static Target present(RawMap map, int pidfd, long flags) {
    byte[] value = map.filled(OLD);
    map.put(pidfd, value);
    return new Target(map, map, pidfd, flags, pidfd, value);
  }

  /** A key behind which the kernel finds no task. */
  static Target nobody(RawMap map, int key) {
    return new Target(map, map, key, 0, -1, null);
  }

  /** The same task by another descriptor. */
  Target by(int otherKey) {
    return new Target(map, commanded, otherKey, flags, entry, before);
  }

  /** The same by another descriptor of the map, which need not be good for looking. */
  Target through(RawMap other) {
    return new Target(map, other, key, flags, entry, before);
  }

  RawMap map() {
    return map;
  }

  int key() {
    return key;
  }

  /** Looks up; what is found are the bytes of the entry. */
  Answer lookup() {
    Answer answer = Answer.of(commanded.lookup(key, flags));
    if (answer.isOk()) {
      byte[] copied = commanded.copied();
      map.assertHolds(entry, copied);
    }
    assertUnchanged();
    return answer;
  }

  /** Updates; afterwards the entry has the new bytes, or what it had where that was refused. */
  Answer update() {
    byte[] value = map.filled(NEW);
    Answer answer = Answer.of(commanded.update(key, value, flags));
    if (answer.isOk()) {
      map.assertHolds(entry, value);
    } else {
      assertUnchanged();
    }
    return answer;
  }

  /** Deletes; afterwards there is no entry, or the old one where that was refused. */
  Answer delete() {
    Answer answer = Answer.of(commanded.delete(key, flags));
    if (answer.isOk()) {
      map.assertNoEntry(entry);
      assertThat(Answer.of(map.delete(entry, 0))).as("again").isEqualTo(new Answer("ENOENT"));
    } else {
      assertUnchanged();
    }
    return answer;
  }

  private void assertUnchanged() {
    if (entry >= 0 && before != null) {
      map.assertHolds(entry, before);
    } else if (entry >= 0) {
      map.assertNoEntry(entry);
    }
  }
}
