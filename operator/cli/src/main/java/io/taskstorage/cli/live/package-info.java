/**
 * The current cluster as input: {@link io.taskstorage.cli.live.LiveCluster} reads what files would
 * say otherwise; {@code Kubeconfig} says which cluster that is.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Only reads: lists, a page at a time, of the kinds that policies can ask of.
 *   <li>(B) Everything that goes wrong is one message, with the cluster's own words in it.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.live;

import org.jspecify.annotations.NullMarked;
