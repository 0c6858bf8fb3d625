package io.taskstorage.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.testkit.KernelTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** BTF that goes into the kernel and comes back. */
@KernelTest
class BtfKernelTest {
  private final SampleTypes sample = SampleTypes.of();

  @Test
  void theKernelTakesWhatTheWriterWrites() {
    // When
    try (Btf btf = Btf.load(sample.blob(), "sample")) {

      // Then
      assertThat(btf.blob()).isEqualTo(sample.blob());
    }
  }

  @Test
  void theTypesOfAMapAreFoundByTheirId() {
    // Given
    MapSpec spec =
        MapSpec.taskStorage("typed", 48, sample.blob(), sample.id("int"), sample.id("struct"));
    try (BpfMap map = BpfMap.create(spec)) {
      int id = map.info().btfId();

      // When
      Btf.ById result = Btf.byId(id);

      // Then
      assertThat(result).isEqualTo(new Btf.ById.Found(sample.blob()));
    }
  }

  @Test
  void anIdThatNobodyHasIsNotFound() {
    assertThat(Btf.byId(Integer.MAX_VALUE)).isEqualTo(new Btf.ById.NoSuchId());
  }

  @Test
  void theKernelsLastWordIsPartOfTheMessage() {
    // Given
    BtfWriter btf = new BtfWriter();
    int number = btf.integer("long", 8, BtfWriter.Encoding.SIGNED);
    btf.struct("narrow", 4, List.of(new BtfWriter.Member("wide", number, 0)));

    // When, Then
    assertThatThrownBy(() -> Btf.load(btf.toBlob(), "narrow"))
        .isInstanceOf(BpfException.class)
        .hasMessageStartingWith("btf load narrow: EINVAL (invalid argument): the kernel says: ")
        .hasMessageContaining("exceeds struct_size");
  }
}
