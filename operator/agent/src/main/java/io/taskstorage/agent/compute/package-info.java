/**
 * Stage two of a turn: what this node should hold. Pure.
 *
 * <p>Reading order: {@link io.taskstorage.agent.compute.DesiredComputation}, the way from
 * observation to {@link io.taskstorage.agent.compute.Desired}; {@code Judgement} says which objects
 * count, {@code Rules} what follows from them for a subject, {@code RowComputation} which cgroup
 * carries what, {@link io.taskstorage.agent.compute.Judged} what to tell the author of an object.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) The same observation gives the same result: no file, clock, random number or log.
 *   <li>(B) An object that is refused by an edit counts in its version accepted last.
 *   <li>(C) A row is complete: it says for every map of this node what the tasks of a cgroup hold.
 *   <li>(D) What selects a cgroup selects everything below it, but nothing from where pods begin.
 *   <li>(E) What is remembered of the last computation saves time and changes no result.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.compute;

import org.jspecify.annotations.NullMarked;
