/**
 * bpf(2) from Java: task storage maps, their entries, pins, and the tasks that are their keys.
 *
 * <p>In reading order: {@link io.taskstorage.bpf.MapSpec} says what is wanted, {@link
 * io.taskstorage.bpf.BpfMap} is the kernel's object, {@link io.taskstorage.bpf.Pidfd} names a task.
 * Invariants:
 *
 * <ul>
 *   <li>(A) A descriptor has one owner; a class that owns one is closed, and says what stays in the
 *       kernel afterwards.
 *   <li>(B) Objects are confined to the thread that opened them.
 *   <li>(C) An expected outcome is a result; an unexpected errno is one {@link
 *       io.taskstorage.bpf.BpfException}: {@code operation object: ERRNO (meaning): hint}.
 *   <li>(D) Nothing here knows of policies, cgroup rules or Kubernetes.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf;

import org.jspecify.annotations.NullMarked;
