/**
 * Stage four of a turn: the steps are done.
 *
 * <p>Reading order: {@link io.taskstorage.agent.execute.Executor}, the one switch over all steps;
 * {@link io.taskstorage.agent.execute.Outcome}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Nobody else changes the store, and only the thread that opened it does.
 *   <li>(B) A failure of one map does not keep another map's values from its tasks.
 *   <li>(C) No undo: what is half done is finished by the next turn's plan.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.execute;

import org.jspecify.annotations.NullMarked;
