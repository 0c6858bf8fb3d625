package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import io.taskstorage.layout.Value;
import java.util.List;
import java.util.Optional;

/** Maps as the programs want them, of words without names. */
final class TestMaps {
  private TestMaps() {}

  /** A task storage map with so many bytes of u64 words. */
  static BpfMap entries(String name, int bytes) {
    BtfWriter writer = new BtfWriter();
    int key = writer.integer("int", 4, Encoding.SIGNED);
    int word = writer.integer("unsigned long long", 8, Encoding.UNSIGNED);
    int words = writer.array(word, key, bytes / 8);
    int value = writer.struct("words", bytes, List.of(new Member("w", words, 0)));
    return BpfMap.create(MapSpec.taskStorage(name, bytes, writer.toBlob(), key, value));
  }

  /** A row with nothing overdue. */
  static List<RowValue> row(List<Optional<Value>> values) {
    return values.stream().map(value -> new RowValue(value, false)).toList();
  }
}
