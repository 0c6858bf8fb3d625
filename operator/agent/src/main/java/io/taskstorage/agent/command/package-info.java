/**
 * What a person types to work on a node's kernel: one class per command.
 *
 * <p>Reading order: {@link io.taskstorage.agent.command.TaskStorageCommand} (all of them), {@link
 * io.taskstorage.agent.command.NodeOptions} (which kernel folders a command works on), {@link
 * io.taskstorage.agent.command.OutputOption}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What a command was asked for goes to standard output; everything else, errors above
 *       all, to standard error.
 *   <li>(B) Exit codes: 0 done, 1 failed, 2 wrong usage.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.command;

import org.jspecify.annotations.NullMarked;
