/**
 * What runs inside a guest: the tests of other modules, on another kernel.
 *
 * <p>Read {@link io.taskstorage.e2e.kernels.guest.GuestRun}, {@link
 * io.taskstorage.e2e.kernels.guest.Selection}, {@link
 * io.taskstorage.e2e.kernels.guest.ResultWriter}, {@link
 * io.taskstorage.e2e.kernels.guest.RefusalStory}.
 *
 * <p>Invariant: a result is in the file before the next test begins, so that a guest that dies
 * leaves all results but the one of the test that killed it, which is there by name.
 */
@NullMarked
package io.taskstorage.e2e.kernels.guest;

import org.jspecify.annotations.NullMarked;
