/**
 * BPF Type Format: writing the types of our maps, loading them, reading the kernel's own.
 *
 * <ul>
 *   <li>(A) Type ids begin at 1; 0 is void.
 *   <li>(B) Bytes from outside are hostile: every offset is checked, no chain of types is followed
 *       without a bound.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf.btf;

import org.jspecify.annotations.NullMarked;
