package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** A task storage map and the element commands on it, with any key and any flags. */
final class RawMap {
  private final Scene scene;
  private final int descriptor;
  private final int valueSize;
  private final int hiddenBytes;
  private final MemorySegment key;
  private final MemorySegment value;

  /**
   * @param hiddenBytes how many of the first bytes of a value are the kernel's own and read as zero
   */
  RawMap(Scene scene, int descriptor, int valueSize, int hiddenBytes) {
    this.scene = scene;
    this.descriptor = descriptor;
    this.valueSize = valueSize;
    this.hiddenBytes = hiddenBytes;
    this.key = scene.arena().allocate(Integer.BYTES, Long.BYTES);
    this.value = scene.arena().allocate(valueSize, Long.BYTES);
  }

  /** The same map by another descriptor. */
  RawMap by(int otherDescriptor) {
    return new RawMap(scene, otherDescriptor, valueSize, hiddenBytes);
  }

  int descriptor() {
    return descriptor;
  }

  int valueSize() {
    return valueSize;
  }

  MemorySegment key() {
    return key;
  }

  MemorySegment value() {
    return value;
  }

  /** A value of which every byte is the same. */
  byte[] filled(int with) {
    byte[] bytes = new byte[valueSize];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  long lookup(int pidfd, long flags) {
    key.set(ValueLayout.JAVA_INT, 0, pidfd);
    value.fill((byte) 0xee);
    return scene.element(
        Uapi.BPF_MAP_LOOKUP_ELEM, descriptor, key.address(), value.address(), flags);
  }

  /** What the last successful {@link #lookup} copied. */
  byte[] copied() {
    return value.toArray(ValueLayout.JAVA_BYTE);
  }

  long update(int pidfd, byte[] bytes, long flags) {
    key.set(ValueLayout.JAVA_INT, 0, pidfd);
    value.copyFrom(MemorySegment.ofArray(bytes));
    return scene.element(
        Uapi.BPF_MAP_UPDATE_ELEM, descriptor, key.address(), value.address(), flags);
  }

  long delete(int pidfd, long flags) {
    key.set(ValueLayout.JAVA_INT, 0, pidfd);
    return scene.element(Uapi.BPF_MAP_DELETE_ELEM, descriptor, key.address(), 0, flags);
  }

  /** Makes or replaces an entry, which must work. */
  void put(int pidfd, byte[] bytes) {
    assertThat(Answer.of(update(pidfd, bytes, Uapi.BPF_ANY))).isEqualTo(Answer.OK);
  }

  /** Asserts that the task has an entry, and which: these bytes but for the kernel's own. */
  void assertHolds(int pidfd, byte[] bytes) {
    byte[] expected = bytes.clone();
    Arrays.fill(expected, 0, hiddenBytes, (byte) 0);
    assertThat(Answer.of(lookup(pidfd, 0))).as("lookup").isEqualTo(Answer.OK);
    assertThat(copied()).isEqualTo(expected);
  }

  /** Asserts that the kernel finds no entry. */
  void assertNoEntry(int pidfd) {
    assertThat(Answer.of(lookup(pidfd, 0))).as("lookup").isEqualTo(new Answer("ENOENT"));
  }
}
