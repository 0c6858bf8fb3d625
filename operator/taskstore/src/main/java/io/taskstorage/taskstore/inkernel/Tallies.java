package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.PlainMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the programs of a set count, read from their table: for each program an element, in it a
 * part for each map.
 *
 * @param maps of the set
 */
record Tallies(PlainMap table, int maps) {
  private static final List<NodePrograms.Counted> RETIRABLE =
      List.of(
          NodePrograms.Counted.NEWTASK, NodePrograms.Counted.WAKEUP, NodePrograms.Counted.ATTACH);

  /** A walk begins to count, from 0, in this epoch. */
  void begin(NodePrograms.Counted walk, int epoch) {
    ByteBuffer fresh = ByteBuffer.allocate(table.info().valueSize()).order(ByteOrder.nativeOrder());
    fresh.putLong(TallyField.EPOCH.offset(), epoch);
    table.put(key(walk), fresh.array());
  }

  /** The epoch of the last walk of this kind. */
  int epoch(NodePrograms.Counted walk) {
    return (int) counts(walk).getLong(TallyField.EPOCH.offset());
  }

  /** From now on runs of programs that begin do nothing. */
  void retire() {
    RETIRABLE.forEach(program -> setRetired(program, 1));
  }

  /**
   * Programs that another process has made do nothing go on.
   *
   * @return how many
   */
  int restore() {
    List<NodePrograms.Counted> retired =
        RETIRABLE.stream()
            .filter(program -> counts(program).getLong(TallyField.RETIRED.offset()) != 0)
            .toList();
    retired.forEach(program -> setRetired(program, 0));
    return retired.size();
  }

  private void setRetired(NodePrograms.Counted program, long value) {
    byte[] last = table.lookup(key(program)).orElseThrow();
    ByteBuffer.wrap(last)
        .order(ByteOrder.nativeOrder())
        .putLong(TallyField.RETIRED.offset(), value);
    table.put(key(program), last);
  }

  /** What a program has counted for each map. */
  List<Map<TallyField, Long>> of(NodePrograms.Counted program) {
    ByteBuffer tally = counts(program);
    List<Map<TallyField, Long>> all = new ArrayList<>();
    for (int map = 0; map < maps; map++) {
      Map<TallyField, Long> counts = new EnumMap<>(TallyField.class);
      for (TallyField field : TallyField.values()) {
        counts.put(field, tally.getLong(field.offset(map)));
      }
      all.add(counts);
    }
    return all;
  }

  private ByteBuffer counts(NodePrograms.Counted program) {
    return ByteBuffer.wrap(table.lookup(key(program)).orElseThrow()).order(ByteOrder.nativeOrder());
  }

  private static byte[] key(NodePrograms.Counted program) {
    return ByteBuffer.allocate(Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(program.number())
        .array();
  }
}
