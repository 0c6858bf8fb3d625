package io.taskstorage.agent.observe;

import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.StoreProblem;
import java.util.Optional;

/**
 * Everything that one turn works with, as it was at the turn's beginning.
 *
 * @param api the objects
 * @param cgroups the tree
 * @param inForce what the store holds
 * @param unreadable why {@code inForce} is what this process knows and not what the pins say
 */
public record Observed(
    ApiState api, CgroupSnapshot cgroups, InForce inForce, Optional<StoreProblem> unreadable) {}
