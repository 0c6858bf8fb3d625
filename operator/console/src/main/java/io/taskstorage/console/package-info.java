/**
 * The forms in which anything is printed: {@link io.taskstorage.agent.print.Terminal} (colours and
 * live lines, or neither), {@link io.taskstorage.agent.print.Table}, {@link
 * io.taskstorage.agent.print.EntryTable}, {@link io.taskstorage.agent.print.Json}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Text from the kernel or from other people's processes (comm, cgroup paths, values) is
 *       made printable before it reaches a terminal.
 *   <li>(B) Colours and live lines only on a terminal, and no colours where {@code NO_COLOR} is
 *       set.
 *   <li>(C) Pure: nothing here looks at the kernel, but for the question whether there is a
 *       terminal.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.print;

import org.jspecify.annotations.NullMarked;
