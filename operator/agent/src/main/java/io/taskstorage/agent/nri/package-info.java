/**
 * What the container runtime tells of containers, by its node resource interface: which id is which
 * container of which pod, before the API server knows it, and when a container is about to start.
 *
 * <p>Reading order: {@link io.taskstorage.agent.nri.ContainerEvents} (what the agent has of it),
 * {@code KnownContainers} (what a turn observes) and {@link io.taskstorage.agent.nri.StartGate}
 * (where a start waits for a turn); {@code NriPlugin} (connections and their pauses), {@code
 * Session} (one connection), {@code Handler} (what is answered). Below: {@code Told} (the calls, as
 * far as they are used), {@code Call} and {@code Message} (ttrpc), {@code Demux} (several
 * connections over one socket), {@code ProtoReader} and {@code ProtoWriter}, {@code Wire} (the
 * socket).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) The runtime never gets an error for an answer, and every answer long before it stops
 *       waiting: an event lets a container start later by a bounded time, and never fail.
 *   <li>(B) Nobody here touches the kernel or calls a stage of the turn: what is heard is observed
 *       by the next turn.
 *   <li>(C) Whatever a peer sends ends its connection at most. Sizes and counts have bounds.
 *   <li>(D) A socket that others than root, or this process' own user, could have put there is not
 *       connected to.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.nri;

import org.jspecify.annotations.NullMarked;
