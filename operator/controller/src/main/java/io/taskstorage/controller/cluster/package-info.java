/**
 * The way to the API server: which one it is, how answers are read, and who leads.
 *
 * <p>Read in this order: {@link io.taskstorage.controller.cluster.ClusterAccess}, {@link
 * io.taskstorage.controller.cluster.AnswerSerialization}, {@link
 * io.taskstorage.controller.cluster.LenientTypes}, {@link
 * io.taskstorage.controller.cluster.Leadership}.
 */
@NullMarked
package io.taskstorage.controller.cluster;

import org.jspecify.annotations.NullMarked;
