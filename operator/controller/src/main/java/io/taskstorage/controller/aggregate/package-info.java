/**
 * From what nodes report to the status of a map or a policy.
 *
 * <p>Read in this order: {@link io.taskstorage.controller.aggregate.NodeReport} is what one node
 * says, small enough for thousands of nodes; {@link io.taskstorage.controller.aggregate.Fleet} is
 * all nodes at one moment; {@link io.taskstorage.controller.aggregate.MapAggregation} and {@link
 * io.taskstorage.controller.aggregate.PolicyAggregation} make the status; {@link
 * io.taskstorage.controller.aggregate.Change} says whether it is worth a write.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Everything is a pure function of its arguments: the time is one of them. All types are
 *       immutable and safe to share between threads.
 *   <li>(B) Ready is True for a generation only if every expected node has acted on it, or had once
 *       and others joined since, or failed in a number that the map allows.
 *   <li>(C) Nothing is guessed in anybody's favour: an unknown state is Failed, an unknown letter
 *       is nothing, a node without a report waits.
 *   <li>(D) A condition's time moves with its status alone.
 *   <li>(E) Sentences come from {@link io.taskstorage.api.v1alpha1.Reason}; of what a node says
 *       only words, counts and names are taken, and names of pods only into statuses of their
 *       namespace or of the cluster.
 * </ul>
 */
@NullMarked
package io.taskstorage.controller.aggregate;

import org.jspecify.annotations.NullMarked;
