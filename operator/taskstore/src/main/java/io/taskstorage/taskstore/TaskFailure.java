package io.taskstorage.taskstore;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why some tasks do not have what their row says: one row per map and reason.
 *
 * @param map the map, or nothing where the cause stands before any map (no pidfd, an unreadable
 *     cgroup)
 * @param reason a short word from a bounded set: the name of the errno, or {@code EntryRefused}
 *     where programs do not learn it
 * @param message one sentence with the cause and how to mend it, of the first such task
 * @param tasks how many tasks; 0 where it is not known
 * @param exampleTid the first such task, or nothing where the cause is not about one
 */
public record TaskFailure(
    Optional<MapName> map, String reason, String message, int tasks, OptionalInt exampleTid) {}
