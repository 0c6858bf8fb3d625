/**
 * What a person types: one class per command.
 *
 * <p>Reading order: {@link io.taskstorage.agent.command.NodeOptions} (which kernel folders a
 * command works on), {@link io.taskstorage.agent.command.OutputOption}, then {@link
 * io.taskstorage.agent.command.CommandFailure} and how it is told.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What a command was asked for goes to standard output; everything else, errors above
 *       all, to standard error.
 *   <li>(B) Exit codes: 0 done, 1 failed, 2 wrong usage. A failure prints exactly one message,
 *       {@code operation object: cause: how to mend it}, and never a stack trace unless asked.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.command;

import org.jspecify.annotations.NullMarked;
