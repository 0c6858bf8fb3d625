/**
 * The current cluster as input.
 *
 * <p>Reading order: {@link io.taskstorage.cli.live.ApiConnection} (the cluster that {@code
 * Kubeconfig} finds), {@link io.taskstorage.cli.live.LiveCluster} (what files would say otherwise),
 * {@link io.taskstorage.cli.live.LiveStatus} (what controller and agents say), {@link
 * io.taskstorage.cli.live.AgentPod}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Only reads; lists a page at a time.
 *   <li>(B) Everything that goes wrong is one message, with the cluster's own words in it.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.live;

import org.jspecify.annotations.NullMarked;
