/**
 * The programs that keep each task in line inside the kernel, and the tables that they read.
 *
 * <p>Read in this order: {@link io.taskstorage.taskstore.inkernel.KernelOffsets}, all that is known
 * of the kernel; {@link io.taskstorage.taskstore.inkernel.NodePrograms}, which programs there are;
 * {@code TaskPrograms} and {@code WalkPrograms}, what each does, of the parts {@code Pieces},
 * {@code AlignTask} with {@code AlignEntry} for each map, and {@code ValueRuns}; {@code
 * ValueSlots}, which value is where; {@code ProgramSet}, all of it loaded and attached.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) No value bytes lie in a hash that programs read: a row has slot numbers, and what a
 *       slot holds never changes while a row may lead to it.
 *   <li>(B) Each program that stores looks again at all that it read, after a full barrier.
 *   <li>(C) The tables of a change are stored before the sweep that follows it.
 * </ul>
 */
@NullMarked
package io.taskstorage.taskstore.inkernel;

import org.jspecify.annotations.NullMarked;
