/**
 * BTF, the kernel's description of C types: written for the maps we make, read from the kernel and
 * from the maps of others.
 *
 * <p>In reading order: {@link io.taskstorage.bpf.btf.BtfBlob} is the bytes, {@link
 * io.taskstorage.bpf.btf.BtfWriter} makes them, {@link io.taskstorage.bpf.btf.Btf} is an object in
 * the kernel, {@link io.taskstorage.bpf.btf.BtfReader} finds {@link
 * io.taskstorage.bpf.btf.BtfType}s in the bytes, {@link io.taskstorage.bpf.btf.KernelBtf} has those
 * of the running kernel.
 *
 * <p>The format is that of Documentation/bpf/btf.rst and include/uapi/linux/btf.h.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Ids begin at 1; 0 is void. An id means something within its object only.
 *   <li>(B) Bytes from outside may be hostile: every offset is checked, and no chain of types is
 *       followed without a bound. What is wrong with them is one {@link
 *       io.taskstorage.bpf.btf.BtfException}.
 *   <li>(C) What the writer writes the kernel loads, and the reader reads back.
 * </ul>
 */
@NullMarked
package io.taskstorage.bpf.btf;

import org.jspecify.annotations.NullMarked;
