/**
 * One pod of a cluster: beside what its tasks should carry, which {@link
 * io.taskstorage.cli.preview} computes, what its node says of it.
 *
 * <p>Reading order: {@link io.taskstorage.cli.explain.NodeReportComputation}, {@link
 * io.taskstorage.cli.explain.NodeReport} (as programs read it), {@link
 * io.taskstorage.cli.explain.NodeReportTable} (as people do).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Pure.
 *   <li>(B) Who decides a field is the policy engine's word, as in a preview; here nobody decides.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.explain;

import org.jspecify.annotations.NullMarked;
