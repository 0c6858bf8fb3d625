/**
 * What of a cluster is not as its objects ask, where, why, and what to do.
 *
 * <p>Reading order: {@link io.taskstorage.cli.status.ClusterStatus} (what was read), {@link
 * io.taskstorage.cli.status.StatusComputation} with {@code MapFindings} and {@code PolicyFindings}
 * (what follows from it), {@link io.taskstorage.cli.status.StatusReport} (the answer, as programs
 * read it), {@link io.taskstorage.cli.status.StatusTable} (as people do).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Pure.
 *   <li>(B) Whether an object is ready is its status' word; node states only say where it fails.
 *   <li>(C) What a reason means, and how to mend it, is said in the words of {@link
 *       io.taskstorage.api.v1alpha1.Reason} alone.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.status;

import org.jspecify.annotations.NullMarked;
