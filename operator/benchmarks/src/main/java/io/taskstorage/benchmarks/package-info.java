/**
 * Paired measurements: a Java process and a C process do the same work in turn, or two planes, or
 * one process in two states of the kernel, and the ratio of each pair is what counts, since a
 * shared machine's speed drifts but hits both.
 *
 * <p>{@link io.taskstorage.benchmarks.Benchmarks} is the entry; each comparison is a class of its
 * own. Nothing here is published, and no test asserts a time.
 *
 * <ul>
 *   <li>(A) A contestant is a process that answers one line, {@code name=number ...}, to each line
 *       it is sent; it times itself, so that pipes and the JVM's start do not count. It ends
 *       instead where what it did is not what the figure says.
 *   <li>(B) Everything made is taken back: cgroup, mount, processes.
 * </ul>
 */
@NullMarked
package io.taskstorage.benchmarks;

import org.jspecify.annotations.NullMarked;
