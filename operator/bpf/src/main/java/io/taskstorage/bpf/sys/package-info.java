/**
 * System calls, numbers, attribute memory and descriptors. Hidden from other modules.
 *
 * <ul>
 *   <li>(A) {@link io.taskstorage.bpf.sys.Syscall} makes every downcall of the project.
 *   <li>(B) errno is copied by the linker into memory of the calling thread and read only after a
 *       failure.
 *   <li>(C) Memory whose address goes into an attribute lives in a confined arena that outlives the
 *       call.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf.sys;

import org.jspecify.annotations.NullMarked;
