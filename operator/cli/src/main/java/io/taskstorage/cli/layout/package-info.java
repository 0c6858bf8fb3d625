/**
 * How layouts are told: {@link io.taskstorage.cli.layout.LayoutTable} to people, {@link
 * io.taskstorage.cli.layout.LayoutDocument} to programs.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Offsets, sizes and padding are those of the C header that the same layout gives.
 *   <li>(B) Pure.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.layout;

import org.jspecify.annotations.NullMarked;
