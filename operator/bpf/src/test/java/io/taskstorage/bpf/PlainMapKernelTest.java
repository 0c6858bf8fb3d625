package io.taskstorage.bpf;

import static io.taskstorage.bpf.ProgramSamples.u32;
import static io.taskstorage.bpf.ProgramSamples.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays and hashes that programs share with user space. */
@KernelTest
class PlainMapKernelTest {

  @Test
  void anArrayHoldsItsElementsFromTheBeginning() {
    // Given
    try (PlainMap map = PlainMap.array("numbers", 8, 3)) {
      // When
      map.put(u32(1), u64(17));

      // Then
      assertThat(map.lookup(u32(0))).contains(u64(0));
      assertThat(map.lookup(u32(1))).contains(u64(17));
      assertThat(map.lookup(u32(3))).isEmpty();
      assertThat(map.info().type()).isEqualTo(2);
      assertThat(map.info().name()).isEqualTo("numbers");
      assertThat(map.info().maxEntries()).isEqualTo(3);
    }
  }

  @Test
  void anArrayNeitherGrowsNorShrinks() {
    // Given
    try (PlainMap map = PlainMap.array("numbers", 8, 3)) {
      // When, Then
      assertThatThrownBy(() -> map.put(u32(3), u64(1)))
          .hasMessage(
              "map update numbers: E2BIG (argument too large): the map has no more than 3"
                  + " elements");
      assertThatThrownBy(() -> map.remove(u32(0)))
          .hasMessage(
              "map delete numbers: EINVAL (invalid argument): elements of an array stay: store"
                  + " zeros instead");
    }
  }

  @Test
  void aHashHoldsWhatIsPutIntoIt() {
    // Given
    try (PlainMap map = PlainMap.hash("rows", 8, 4, 10)) {
      map.put(u64(5), u32(50));
      map.put(u64(6), u32(60));
      map.put(u64(5), u32(51));

      // When
      map.remove(u64(6));
      map.remove(u64(7));

      // Then
      assertThat(map.lookup(u64(5))).contains(u32(51));
      assertThat(map.lookup(u64(6))).isEmpty();
    }
  }

  /** More than one call reads, however many elements there are. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 5000})
  void everyElementOfAHashIsReadOnce(int elements) {
    // Given
    try (PlainMap map = PlainMap.hash("rows", 8, 4, 8192)) {
      IntStream.range(0, elements).forEach(i -> map.put(u64(i), u32(2 * i)));

      // When
      List<String> read = new ArrayList<>();
      map.forEach((key, value) -> read.add(number(key) + "=" + number(value)));

      // Then
      assertThat(read)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, elements).mapToObj(i -> i + "=" + 2 * i).toList());
    }
  }

  @Test
  void aPartOfAnArrayIsReadWhereverItBeginsAndEnds() {
    // Given
    try (PlainMap map = PlainMap.array("numbers", 4, 3000)) {
      IntStream.range(0, 3000).forEach(i -> map.put(u32(i), u32(i)));

      // When, Then
      assertThat(map.values(1, 2500))
          .containsExactlyElementsOf(IntStream.range(1, 2501).mapToObj(i -> u32(i)).toList());
      assertThat(map.values(2998, 7)).containsExactly(u32(2998), u32(2999));
      assertThat(map.values(5, 0)).isEmpty();
    }
  }

  private static long number(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    return bytes.length == Integer.BYTES ? buffer.getInt() : buffer.getLong();
  }

  @Test
  void aHashThatIsFullRefuses() {
    // Given
    try (PlainMap map = PlainMap.hash("rows", 8, 4, 1)) {
      map.put(u64(5), u32(50));

      // When, Then
      assertThatThrownBy(() -> map.put(u64(6), u32(60)))
          .hasMessage(
              "map update rows: E2BIG (argument too large): the map has no more than 1 elements");
    }
  }

  @Test
  void refusesKeysAndValuesOfAnotherSize() {
    // Given
    try (PlainMap map = PlainMap.hash("rows", 8, 4, 1)) {
      // When, Then
      assertThatThrownBy(() -> map.lookup(u32(1)))
          .hasMessage("map rows: key of 4 bytes: the map has 8");
      assertThatThrownBy(() -> map.put(u64(1), u64(1)))
          .hasMessage("map rows: value of 8 bytes: the map has 4");
    }
  }

  @Test
  void livesOnWhilePinned(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("rows");
    int id;
    try (PlainMap map = PlainMap.hash("rows", 8, 4, 10)) {
      map.put(u64(5), u32(50));
      map.pin(pin);
      id = map.info().id();
    }

    // When
    try (PlainMap again = PlainMap.open(pin, Access.READ_ONLY)) {
      // Then
      assertThat(again.info().id()).isEqualTo(id);
      assertThat(again.lookup(u64(5))).contains(u32(50));
      assertThatThrownBy(() -> again.put(u64(5), u32(51)))
          .isInstanceOfSatisfying(
              BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    }
  }

  @Test
  void refusesAPinOfAnotherKind(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("entries");
    try (BpfMap map = ProgramSamples.entries()) {
      map.pin(pin);
    }

    // When, Then
    assertThatThrownBy(() -> PlainMap.open(pin, Access.READ_WRITE))
        .hasMessage(
            "map open %s: EINVAL (invalid argument): it is a map of type 29, neither array nor hash"
                .formatted(pin));
  }

  @Test
  void refusesAMapWithoutElements() {
    // When, Then
    assertThatThrownBy(() -> PlainMap.array("none", 8, 0))
        .hasMessage(
            "map create none: EINVAL (invalid argument): sizes are greater than zero; a"
                + " ring buffer's is a power of two and at least a page");
  }
}
