/**
 * What the kernel answers, row by row: every case in which task storage maps, their pins, their
 * keys or their creation are refused, and the cases beside them that work.
 *
 * <p>In reading order: the tables ({@code *.rows} among the resources) say what is expected, {@link
 * io.taskstorage.bpf.contract.Row} is one line and column of them, {@link
 * io.taskstorage.bpf.contract.Check} does what a row says, in its own {@link
 * io.taskstorage.bpf.contract.Scene}, {@link io.taskstorage.bpf.contract.ErrnoTableKernelTest} runs
 * them all.
 *
 * <ul>
 *   <li>(A) A row has exactly one check of the same id, and a check has a row.
 *   <li>(B) Checks call bpf(2) themselves, not through the classes they are the measure of.
 *   <li>(C) What differs between kernel versions stands in the tables and nowhere else.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf.contract;

import org.jspecify.annotations.NullMarked;
