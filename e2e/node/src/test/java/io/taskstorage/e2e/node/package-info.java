/**
 * What {@code preview} prints is what tasks carry, and what a consumer's programs see of it.
 *
 * <p>Read {@link io.taskstorage.e2e.node.World}, {@link io.taskstorage.e2e.node.Worlds}, {@link
 * io.taskstorage.e2e.node.Printed}, {@link io.taskstorage.e2e.node.NodePlane}, {@link
 * io.taskstorage.e2e.node.TruthTest}; and for the consumer {@link
 * io.taskstorage.e2e.node.ConsumerKernelTest}.
 *
 * <p>Invariants: (A) A world depends on its seed alone. (B) The node's side gets its facts of pods
 * from the world and not from manifests, so that how preview reads manifests is tested too. (C)
 * Bytes are read by a C compiler's eyes: through the header that {@code layout} prints.
 */
@NullMarked
package io.taskstorage.e2e.node;

import org.jspecify.annotations.NullMarked;
