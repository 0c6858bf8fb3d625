package io.taskstorage.taskstore.inkernel;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Program;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The rows in the kernel's table, and what is known of them here: to which slots each leads, and
 * since which epoch. An epoch is even; a row says it plus {@link #OVERDUE} where it came too late
 * for its tasks. A row changes in place, by one aligned store for each slot; a slot or an element
 * is used again only after every program that could be at it has ended.
 */
final class Rows {
  /** From one epoch to the next. */
  static final int EPOCH = 2;

  /** What is added to the epoch of a slot that was overdue when it came. */
  static final int OVERDUE = 1;

  private final SetTables tables;
  private final Program assign;
  private final Fences fences;
  private final int maps;
  private final Map<Long, int[]> slots = new HashMap<>();
  private final Map<Long, int[]> epochs = new HashMap<>();

  /** After this fence the room of every removed row can be used again. */
  private long removed;

  /** After this one all else, too, that rows led to before. */
  private long letGo;

  /** Of tables in which there is no row, or whose rows are found by {@link #find}. */
  Rows(SetTables tables, Program assign, Fences fences) {
    this.tables = tables;
    this.assign = assign;
    this.fences = fences;
    this.maps = tables.values().size();
  }

  /**
   * Takes over the rows of an earlier process.
   *
   * @return the newest epoch in which one of them was assigned, 0 where there is none
   */
  int find() {
    int newest = 0;
    for (byte[] key : tables.assignments().keys()) {
      ByteBuffer row = ordered(tables.assignments().lookup(key).orElseThrow());
      int[] to = new int[maps];
      int[] since = new int[maps];
      for (int map = 0; map < maps; map++) {
        to[map] = row.getInt(Integer.BYTES * map);
        since[map] = row.getInt(Integer.BYTES * (maps + map));
        tables.values().get(map).found(to[map]);
        newest = Math.max(newest, since[map] & ~OVERDUE);
      }
      long cgroup = ordered(key).getLong();
      slots.put(cgroup, to);
      epochs.put(cgroup, since);
    }
    // What the earlier process let go of may still be read.
    awaitPrograms();
    tables.values().forEach(ValueSlots::foundAll);
    return newest;
  }

  /** The ids of the cgroups that have a row. */
  Set<Long> cgroups() {
    return Set.copyOf(slots.keySet());
  }

  /**
   * Makes or changes a row.
   *
   * @throws BpfException E2BIG where there is no room for another value or row; nothing has changed
   */
  void put(long cgroup, List<RowValue> wanted, int epoch) {
    int[] to = new int[maps];
    try {
      for (int map = 0; map < maps; map++) {
        ValueSlots of = tables.values().get(map);
        to[map] = wanted.get(map).value().map(value -> of.take(value, fences)).orElse(0);
      }
      store(cgroup, to, since(wanted, epoch));
    } catch (RuntimeException e) {
      release(to);
      throw e;
    }
    int[] before = slots.put(cgroup, to);
    if (before != null) {
      release(before);
    }
  }

  private static int[] since(List<RowValue> wanted, int epoch) {
    return wanted.stream().mapToInt(of -> of.isOverdue() ? epoch + OVERDUE : epoch).toArray();
  }

  /** Those slots that change have the epoch {@code now}, each its own. */
  private void store(long cgroup, int[] to, int[] now) {
    int[] before = slots.getOrDefault(cgroup, new int[maps]);
    int[] since = epochs.getOrDefault(cgroup, new int[maps]).clone();
    for (int map = 0; map < maps; map++) {
      if (to[map] != before[map]) {
        since[map] = now[map];
      }
    }
    byte[] row = row(to, since);
    if (slots.containsKey(cgroup)) {
      change(cgroup, row);
    } else {
      // A program may still be at the element that this one would get.
      fences.await(removed);
      tables.assignments().put(key(cgroup), row);
    }
    epochs.put(cgroup, since);
  }

  private void change(long cgroup, byte[] row) {
    ByteBuffer context = ByteBuffer.allocate(Long.BYTES + row.length);
    assign.run(context.put(key(cgroup)).put(row).array());
  }

  private byte[] row(int[] to, int[] since) {
    ByteBuffer row = ByteBuffer.allocate(2 * Integer.BYTES * maps).order(ByteOrder.nativeOrder());
    Arrays.stream(to).forEach(row::putInt);
    Arrays.stream(since).forEach(row::putInt);
    return row.array();
  }

  private static byte[] key(long cgroup) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(cgroup).array();
  }

  /**
   * Makes again the rows and values that another process has removed or changed, and removes rows
   * that it has added.
   *
   * @return how many
   */
  int restore() {
    Set<Long> missing = new HashSet<>(slots.keySet());
    Map<Long, byte[]> changed = new HashMap<>();
    Set<Long> added = new HashSet<>();
    tables
        .assignments()
        .forEach(
            (key, there) -> {
              long cgroup = ordered(key).getLong();
              if (!slots.containsKey(cgroup)) {
                added.add(cgroup);
                return;
              }
              missing.remove(cgroup);
              byte[] row = known(cgroup);
              if (!Arrays.equals(there, row)) {
                changed.put(cgroup, row);
              }
            });
    int restored = tables.values().stream().mapToInt(ValueSlots::restore).sum();
    changed.forEach(this::change);
    added.forEach(cgroup -> tables.assignments().remove(key(cgroup)));
    if (!missing.isEmpty()) {
      // A program may still be at an element that one of them would get.
      awaitPrograms();
      missing.forEach(cgroup -> tables.assignments().put(key(cgroup), known(cgroup)));
    }
    if (!added.isEmpty()) {
      removed = fences.next();
    }
    return restored + changed.size() + added.size() + missing.size();
  }

  /** The row as it was stored last. */
  private byte[] known(long cgroup) {
    return row(
        Objects.requireNonNull(slots.get(cgroup)), Objects.requireNonNull(epochs.get(cgroup)));
  }

  /** The cgroup has no row of its own any more. */
  void remove(long cgroup) {
    int[] to = slots.remove(cgroup);
    epochs.remove(cgroup);
    if (to != null) {
      tables.assignments().remove(key(cgroup));
      removed = fences.next();
      release(to);
    }
  }

  private void release(int[] to) {
    for (int map = 0; map < maps; map++) {
      tables.values().get(map).release(to[map], fences);
    }
    letGo = fences.next();
  }

  /** After that, what rows led to before can be used for something else. */
  void awaitPrograms() {
    fences.await(fences.next());
  }

  /** The same without waiting for it: most likely it is so before something else comes. */
  void fenceAhead() {
    fences.ahead(Math.max(removed, letGo));
  }

  private static ByteBuffer ordered(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
