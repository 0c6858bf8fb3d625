/**
 * The tests of the kernel's side on other kernels, each in a virtual machine that runs on this
 * machine's files.
 *
 * <p>Read {@link io.taskstorage.e2e.kernels.Guest}, {@link io.taskstorage.e2e.kernels.Kernel},
 * {@link io.taskstorage.e2e.kernels.Emulator}, {@link io.taskstorage.e2e.kernels.Share}, {@link
 * io.taskstorage.e2e.kernels.Machine}, {@link io.taskstorage.e2e.kernels.GuestResults}, {@link
 * io.taskstorage.e2e.kernels.ResultTable}, {@link io.taskstorage.e2e.kernels.GuestsTest}.
 *
 * <p>Invariants: (A) A guest cannot change the host's files but for its share. (B) It ends with the
 * thread that started it, however that ends. (C) Every result of a guest is a test here, and a
 * guest that does not say that it is done is a test that fails.
 */
@NullMarked
package io.taskstorage.e2e.kernels;

import org.jspecify.annotations.NullMarked;
