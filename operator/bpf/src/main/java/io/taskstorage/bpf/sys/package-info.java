/**
 * The layer that has the C shape: system calls, their numbers and structures, and descriptors.
 * Hidden from other modules; {@code io.taskstorage.bpf} is its face.
 *
 * <p>In reading order: {@link io.taskstorage.bpf.sys.Syscall} calls, {@link
 * io.taskstorage.bpf.sys.Uapi} has the numbers and offsets ({@link io.taskstorage.bpf.sys.Machine}
 * decides where machines differ), {@link io.taskstorage.bpf.sys.Attr} is the argument of bpf(2),
 * {@link io.taskstorage.bpf.sys.Fd} owns what the kernel returned.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) No other class makes a downcall.
 *   <li>(B) errno is copied by the linker into memory of the calling thread at every call, and read
 *       only after a failure: after a success it holds what an earlier failure left.
 *   <li>(C) Memory whose address goes into an attribute lives in an arena that is closed after the
 *       call, never in an automatic one: an address keeps nothing alive.
 *   <li>(D) A descriptor number leaves this package only inside an {@link
 *       io.taskstorage.bpf.sys.Fd}, or as an argument of a call while its owner is reachable.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf.sys;

import org.jspecify.annotations.NullMarked;
