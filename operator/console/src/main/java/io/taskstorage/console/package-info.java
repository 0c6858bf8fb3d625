/**
 * How commands print, fail and end, whichever program they belong to.
 *
 * <p>Reading order: {@link io.taskstorage.console.CommandName} (every command of {@code
 * taskstorage}), {@link io.taskstorage.console.Program} (how a program runs its part of them),
 * {@link io.taskstorage.console.CommandFailure} and {@link io.taskstorage.console.ExitCode} (how a
 * command ends); then the forms of output: {@link io.taskstorage.console.Terminal} (colours and
 * live lines, or neither), {@link io.taskstorage.console.Table}, {@link
 * io.taskstorage.console.Json}, {@link io.taskstorage.console.Wrapping}, and {@link
 * io.taskstorage.console.CheckList} for what {@link io.taskstorage.console.Check}s found.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Text from the kernel, from manifests or from other people's processes is made printable
 *       before it reaches a terminal.
 *   <li>(B) Colours and live lines only on a terminal, and no colours where {@code NO_COLOR} is
 *       set.
 *   <li>(C) A failure prints exactly one message, {@code operation object: cause: how to mend it},
 *       and never a stack trace unless asked.
 *   <li>(D) Nothing here knows the kernel, a cluster or an object of the API.
 * </ul>
 */
@NullMarked
package io.taskstorage.console;

import org.jspecify.annotations.NullMarked;
