/**
 * bpf(2) from Java: task storage maps, their entries, pins, and the tasks that are their keys.
 *
 * <p>In reading order: {@link io.taskstorage.bpf.MapSpec} says what is wanted, {@link
 * io.taskstorage.bpf.BpfMap} is the kernel's object, {@link io.taskstorage.bpf.Pidfd} names a task,
 * {@link io.taskstorage.bpf.TaskEntries} is what can be done with its entry. {@link
 * io.taskstorage.bpf.Bpffs} and {@link io.taskstorage.bpf.DirectoryLock} are about the folders of
 * pins, {@link io.taskstorage.bpf.FolderTree} about many folders at once; {@link
 * io.taskstorage.bpf.Probe} finds out what this kernel lets us do. Programs go the same way: {@link
 * io.taskstorage.bpf.ProgramSpec} holds code of package asm, {@link io.taskstorage.bpf.Program} is
 * the kernel's object, a {@link io.taskstorage.bpf.Link} attaches it, {@link
 * io.taskstorage.bpf.IterReader} and {@link io.taskstorage.bpf.RingBuffer} carry out what it
 * writes, {@link io.taskstorage.bpf.PlainMap} is what it shares with user space.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A descriptor has one owner; a class that owns one is closed, and says what stays in the
 *       kernel afterwards.
 *   <li>(B) Objects are confined to the thread that opened them.
 *   <li>(C) An expected outcome is a result; an unexpected errno is one {@link
 *       io.taskstorage.bpf.BpfException}: {@code operation object: ERRNO (meaning): hint}.
 *   <li>(D) What the kernel is, is found out by doing and never by its version.
 *   <li>(E) Nothing here knows of policies, cgroup rules or Kubernetes.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf;

import org.jspecify.annotations.NullMarked;
