package io.taskstorage.taskstore.inkernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a program tells user space.
 *
 * @param kind what happened
 * @param task the task's id in the first pid namespace; 0 where it is about a cgroup
 * @param process its process's id
 * @param cgroup the cgroup's id; 0 where it is about a task
 */
public record Event(Kind kind, int task, int process, long cgroup) {
  /**
   * Bytes of one in the ring: four u32, where one is spare, and a u64; the machine's byte order.
   */
  static final int BYTES = 24;

  static final int KIND = 0;
  static final int TASK = 4;
  static final int PROCESS = 8;
  static final int CGROUP = 16;

  /** What happened. */
  public enum Kind {
    /** A task could not be brought in line: sweep it. */
    TASK_FAILED(1),
    /** A process of several threads came into another cgroup: sweep it. */
    PROCESS_MOVED(2),
    /** A cgroup was made. */
    CGROUP_MADE(3),
    /** A cgroup was removed. */
    CGROUP_REMOVED(4);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The number in the ring; never 0. */
    int number() {
      return number;
    }

    static Kind of(int number) {
      return Arrays.stream(values())
          .filter(kind -> kind.number == number)
          .findFirst()
          .orElseThrow();
    }
  }

  /** Reads one record of the ring. */
  static Event of(byte[] bytes) {
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    return new Event(
        Kind.of(record.getInt(KIND)),
        record.getInt(TASK),
        record.getInt(PROCESS),
        record.getLong(CGROUP));
  }
}
