package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that is gone, as when its bpffs was unmounted. */
class RecordMemoryTest {
  @Test
  void nothingIsMadeInItsPlace(@TempDir Path folder) {
    // Given
    Path record = folder.resolve("taskstorage_agent").resolve("maps");
    RecordMemory memory =
        new RecordMemory(new PinFolders(new PinTree(folder), PinFolders.Steps.UNWATCHED));
    // When
    memory.setWords(record, Set.of("one"));
    memory.setLate(record, 1);
    // Then
    assertThat(folder).isEmptyDirectory();
    assertThat(RecordMemory.late(record)).isZero();
    assertThat(RecordMemory.words(record)).isEmpty();
  }
}
