/**
 * What an agent in a cluster has of the API server, and says to it: the other source of an {@link
 * io.taskstorage.agent.observe.ApiState} beside a folder of manifests.
 *
 * <p>Reading order: {@link io.taskstorage.agent.cluster.ApiObserver} (the state as it is known);
 * behind it one {@code Reflector} for each {@code Resource} keeps a {@code Mirror} by listing and
 * watching over an {@link io.taskstorage.agent.cluster.ApiConnection}, to the server that {@link
 * io.taskstorage.agent.cluster.ApiAccess} names; {@code Pruning} (what is kept of an object),
 * {@code Reading} (what it means); {@code PodCgroups} (which cgroup is which pod); {@link
 * io.taskstorage.agent.cluster.Checkpoint} (what outlives the process); {@link
 * io.taskstorage.agent.cluster.NodeStateWriter} (what the node says of itself).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) An object's absence is believed from a complete list or a DELETED event, and from
 *       nothing else, and of our own kinds only while their {@code Definition} stands: whatever
 *       fails keeps everything as it was known, and is told.
 *   <li>(B) No failure is answered at once: each attempt waits longer than the one before, up to a
 *       limit, by chance, and at least as long as the server asked.
 *   <li>(C) An object that this version does not wholly know is refused alone and as a whole.
 *   <li>(D) What is kept is only what somebody here asks for; a change of anything else changes
 *       nothing here and wakes nobody.
 *   <li>(E) Nobody here touches the kernel or calls a stage of the turn.
 *   <li>(F) A checkpoint stands as it is until the server has listed every resource: until then
 *       what the server tells adds to it.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.cluster;

import org.jspecify.annotations.NullMarked;
