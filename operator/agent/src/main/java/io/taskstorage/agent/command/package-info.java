/**
 * What a person types: one class per command, and the forms in which they print.
 *
 * <p>Reading order: {@link io.taskstorage.agent.command.NodeOptions} (which kernel folders a
 * command works on), then the forms: {@link io.taskstorage.agent.command.Terminal}, {@link
 * io.taskstorage.agent.command.Table}, {@link io.taskstorage.agent.command.Json}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What a command was asked for goes to standard output; everything else, errors above
 *       all, to standard error.
 *   <li>(B) Exit codes: 0 done, 1 failed, 2 wrong usage. A failure prints exactly one message,
 *       {@code operation object: cause: how to mend it}, and never a stack trace unless asked.
 *   <li>(C) Text from the kernel or from other people's processes (comm, cgroup paths, values) is
 *       made printable before it reaches a terminal.
 *   <li>(D) Colours and live lines only on a terminal, and no colours where {@code NO_COLOR} is
 *       set.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.command;

import org.jspecify.annotations.NullMarked;
