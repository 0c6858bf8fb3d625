package io.taskstorage.taskstore.inkernel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a race shares with the tasks that it starts, as {@code race.h} lays it out: who writes a
 * word here has written it for all, in this order.
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

  private final Path file;
  private final ByteBuffer memory;

  private RaceMemory(Path file, ByteBuffer memory) {
    this.file = file;
    this.memory = memory;
  }

  /** All zero. The mapping goes with the collector. */
  static RaceMemory create(Path folder) throws IOException {
    Path file = Files.write(folder.resolve("shared"), new byte[BYTES]);
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

  void target(long starts) {
    WORD.setVolatile(memory, TARGET, starts);
  }

  void stop() {
    WORD.setVolatile(memory, STOP, 1L);
  }

  long starts() {
    return (long) WORD.getVolatile(memory, STARTS);
  }

  long errors() {
    return (long) WORD.getVolatile(memory, ERRORS);
  }
}
