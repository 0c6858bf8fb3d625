/**
 * Stage three of a turn: the steps from what is in force to what is desired. Pure.
 *
 * <p>Reading order: {@link io.taskstorage.agent.plan.Step}, then {@link
 * io.taskstorage.agent.plan.Planner}, whose description says what a crash after each part leaves.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A step is data: no descriptor, no lambda. Its line is the one that people, logs and
 *       golden files show.
 *   <li>(B) Nothing is removed because of something that could not be read.
 *   <li>(C) Where nothing differs the plan is one sweep.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.plan;

import org.jspecify.annotations.NullMarked;
