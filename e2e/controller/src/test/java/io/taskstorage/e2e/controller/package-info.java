/**
 * The controller against a real API server: as a process, and in this JVM behind a proxy that can
 * fail, with simulated nodes.
 *
 * <p>Read in this order: {@link io.taskstorage.e2e.controller.Cluster} and {@link
 * io.taskstorage.e2e.controller.TriedController}, which tests stand on; {@link
 * io.taskstorage.e2e.controller.Truth} with {@link io.taskstorage.e2e.controller.DueStatuses}, what
 * statuses ought to say; {@link io.taskstorage.e2e.controller.History}, {@link
 * io.taskstorage.e2e.controller.Knowledge} and {@link io.taskstorage.e2e.controller.Promise}, what
 * must hold of every single write; {@link io.taskstorage.e2e.controller.Requests}, how many
 * requests there may be; {@link io.taskstorage.e2e.controller.Chance} and {@link
 * io.taskstorage.e2e.controller.Trouble}, what happens by chance to the cluster and to a
 * controller.
 */
@NullMarked
package io.taskstorage.e2e.controller;

import org.jspecify.annotations.NullMarked;
