/**
 * The way to a node of a cluster, for commands that only its kernel can answer: {@link
 * io.taskstorage.cli.node.NodeTransport}, by {@link io.taskstorage.cli.node.KubectlTransport} or
 * {@link io.taskstorage.cli.node.ShellTransport}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) The node's own command answers; here its output is passed on as it is.
 *   <li>(B) Nothing listens on a node for this: whoever may not exec into the agent's pod, or log
 *       in to the node, gets no answer.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.node;

import org.jspecify.annotations.NullMarked;
