/**
 * The controller against a real API server: as a process, and in this JVM behind a proxy that can
 * fail, with simulated nodes.
 *
 * <p>Read in this order: {@link io.taskstorage.e2e.controller.Cluster} and {@link
 * io.taskstorage.e2e.controller.TriedController}, which tests stand on; {@link
 * io.taskstorage.e2e.controller.Truth}, what statuses ought to say; {@link
 * io.taskstorage.e2e.controller.History} and {@link io.taskstorage.e2e.controller.Promise}, what
 * must hold of every single write.
 */
@NullMarked
package io.taskstorage.e2e.controller;

import org.jspecify.annotations.NullMarked;
