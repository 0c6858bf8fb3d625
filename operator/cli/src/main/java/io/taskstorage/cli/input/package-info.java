/**
 * What a command reads: files of manifests, or a cluster.
 *
 * <p>Reading order: {@link io.taskstorage.cli.input.ManifestReader} reads files into a {@link
 * io.taskstorage.cli.input.ManifestSet}; {@link io.taskstorage.cli.input.ClusterObjects} collects
 * pods, namespaces and nodes as {@link io.taskstorage.cli.input.ClusterFacts}, whoever tells of
 * them; {@link io.taskstorage.cli.input.Judgement} is what the policy engine says of a set.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What cannot be read at all ends the command with one message; what can be read and is
 *       wrong is a problem with its place.
 *   <li>(B) An object counts once: of two with one key the first counts, the other is a problem.
 *   <li>(C) Nothing is guessed silently: what is assumed of an object that nobody described is
 *       told.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.input;

import org.jspecify.annotations.NullMarked;
