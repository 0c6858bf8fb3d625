/**
 * What e2e/cluster and the API server of the tests promise, on real servers: they serve, several
 * run at once, and nothing stays behind however their starter ends.
 *
 * <p>Reading order: {@link io.taskstorage.e2e.cluster.ApiServerStoryTest}, {@link
 * io.taskstorage.e2e.cluster.ClusterTest}, {@link io.taskstorage.e2e.cluster.AbandonedTest}.
 *
 * <p>Invariant: (A) Each test's clusters are in a state folder of its own, so that it sees all that
 * is there and none of anybody else.
 */
@NullMarked
package io.taskstorage.e2e.cluster;

import org.jspecify.annotations.NullMarked;
