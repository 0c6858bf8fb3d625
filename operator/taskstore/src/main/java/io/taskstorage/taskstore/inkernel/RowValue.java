package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Value;
import java.util.Optional;

/**
 * What a row says of one map.
 *
 * @param value empty for no entry
 * @param isOverdue it ought to have been in force before the tasks of the cgroup ran
 */
public record RowValue(Optional<Value> value, boolean isOverdue) {}
