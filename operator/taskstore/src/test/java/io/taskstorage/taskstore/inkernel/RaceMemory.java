package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Value;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a race shares with the tasks that it starts, as {@code race.h} lays it out: who writes a
 * word here has written it for all, in this order. Behind that is what agents share, which outlives
 * each of them: the cgroups, and how much was done.
 */
final class RaceMemory {
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int BYTES = 8192;
  private static final int ROW_BYTES = 64;
  private static final int STOP = ROW_BYTES * RaceCgroup.values().length;
  private static final int ERRORS = STOP + 8;
  private static final int STARTS = STOP + 16;
  private static final int TARGET = STOP + 24;

  /** Behind all that the tasks know. */
  private static final int OF_AGENTS = 4096;

  private static final int HANDED_OVER = OF_AGENTS;
  private static final int COUNTS = HANDED_OVER + 8;
  private static final int IDS = COUNTS + 8 * Count.values().length;

  /** What is counted for all agents together. */
  enum Count {
    /** Changes of rows, each with its sweep. */
    TURNS(0),
    /** Agents that closed the store and opened it again. */
    RESTARTS(1),
    /** Sets of programs that took the place of others. */
    EXCHANGES(2);

    private final int number;

    Count(int number) {
      this.number = number;
    }
  }

  private final Path file;
  private final ByteBuffer memory;

  private RaceMemory(Path file, ByteBuffer memory) {
    this.file = file;
    this.memory = memory;
  }

  /** All zero. The mapping goes with the collector. */
  static RaceMemory create(Path folder) throws IOException {
    return open(Files.write(folder.resolve("shared"), new byte[BYTES]));
  }

  /** That of a race in another process. */
  static RaceMemory open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new RaceMemory(file, channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
    }
  }

  Path file() {
    return file;
  }

  /** The version of the row that is surely in force. */
  void surely(RaceCgroup cgroup, long version) {
    WORD.setVolatile(memory, ROW_BYTES * cgroup.number(), version);
  }

  /** The newest version that may be in force. */
  void maybe(RaceCgroup cgroup, long version) {
    WORD.setVolatile(memory, ROW_BYTES * cgroup.number() + 8, version);
  }

  /** The newest version that may be in force. */
  long maybe(RaceCgroup cgroup) {
    return word(ROW_BYTES * cgroup.number() + 8);
  }

  /** The newest rows that may be in force, by the ids of their cgroups. */
  Map<Long, List<Optional<Value>>> newest() {
    Map<Long, List<Optional<Value>>> rows = new HashMap<>();
    for (RaceCgroup each : RaceCgroup.values()) {
      each.row(maybe(each)).ifPresent(row -> rows.put(id(each), row));
    }
    return rows;
  }

  /** These rows are in force. */
  void newestAreSure() {
    for (RaceCgroup each : RaceCgroup.values()) {
      surely(each, maybe(each));
    }
  }

  void id(RaceCgroup cgroup, long id) {
    WORD.setVolatile(memory, IDS + 8 * cgroup.number(), id);
  }

  long id(RaceCgroup cgroup) {
    return word(IDS + 8 * cgroup.number());
  }

  /** The one agent that works has done one more. */
  void add(Count count) {
    WORD.setVolatile(memory, COUNTS + 8 * count.number, count(count) + 1);
  }

  long count(Count count) {
    return word(COUNTS + 8 * count.number);
  }

  /** Whether the agent that waits may open the store. */
  void handOver(boolean may) {
    WORD.setVolatile(memory, HANDED_OVER, may ? 1L : 0L);
  }

  boolean isHandedOver() {
    return word(HANDED_OVER) != 0;
  }

  private long word(int at) {
    return (long) WORD.getVolatile(memory, at);
  }

  void target(long starts) {
    WORD.setVolatile(memory, TARGET, starts);
  }

  void stop() {
    WORD.setVolatile(memory, STOP, 1L);
  }

  long starts() {
    return word(STARTS);
  }

  long errors() {
    return word(ERRORS);
  }
}
