package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;

/**
 * An entry as a walk met it.
 *
 * @param tid in the first pid namespace, as {@code pid} is
 * @param cgroup the id of the task's cgroup
 */
public record Found(int tid, int pid, long cgroup, Value value) {
  /** Reads one record of {@link NodePrograms#list}. */
  static Found of(ByteBuffer entry) {
    int tid = entry.getInt();
    int pid = entry.getInt();
    long cgroup = entry.getLong();
    byte[] value = new byte[entry.remaining()];
    entry.get(value);
    return new Found(tid, pid, cgroup, Value.of(value));
  }
}
