/**
 * The kernel data plane of a node: maps, rows and cgroups in, entries on tasks out. Knows layouts
 * and bpf(2), nothing of manifests.
 *
 * <p>Reading order: {@link io.taskstorage.taskstore.TaskStore} (the contract) with {@link
 * io.taskstorage.taskstore.StoreMap} and {@link io.taskstorage.taskstore.Row}; {@link
 * io.taskstorage.taskstore.TaskStores} (who implements it); {@link
 * io.taskstorage.taskstore.Membership} (which tasks are in which cgroup) with {@link
 * io.taskstorage.taskstore.CgroupTree} and {@link io.taskstorage.taskstore.EmulatedMembership};
 * {@code Pass} and {@code Alignment} (one walk over the tasks); {@link
 * io.taskstorage.taskstore.PinTree} (every path), {@code Adoption} (what is pinned against what is
 * wanted, pure), {@code PinnedMaps}, {@code PublicPins} and {@code RecordFolders} (the calls in
 * bpffs); {@link io.taskstorage.taskstore.Records} (reading beside an agent).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Callers speak of maps, rows and cgroups. Which tasks there are is known to planes only.
 *   <li>(B) Policy-owned bytes are the only ones that are compared or changed; a program's own
 *       bytes in an entry survive each change.
 *   <li>(C) An entry is removed for a task's absence only after two complete readings of the tree
 *       without it. What could not be read means nothing.
 *   <li>(D) A public pin leads to a complete map of ours. It comes last, goes first, and changes by
 *       rename: the path never dangles. From its first moment on it lets in whom it shall ({@link
 *       io.taskstorage.taskstore.PinAccess}) and nobody else.
 *   <li>(E) Something at our paths that is not ours is neither trusted nor touched.
 *   <li>(F) One writer per node: the lock on the agent's folder is held from open to close. Who
 *       asks for the node while it is held has another one ({@link
 *       io.taskstorage.taskstore.TakeOver}).
 *   <li>(G) What an earlier process left in force for a map stays in force, also for new tasks,
 *       until the map is installed or removed ({@code KeptMaps}). What another process takes from
 *       it is made again by the next sweep ({@code Guard}).
 * </ul>
 *
 * <p>What a crash leaves, step by step; each state is mended by the next opener or by stating the
 * same again:
 *
 * <ul>
 *   <li>while a map is made: a record without its pin, removed at the next open; the kernel's map
 *       went with the process's descriptor;
 *   <li>after its pin, before the public one: a complete record, adopted by the next install;
 *   <li>while a map of another layout takes over, before the rename: the old map is public, both
 *       records are complete, and a pin may lie in {@code new/}, which is removed at the next open;
 *   <li>after the rename: the new map is public, the old record goes with the next publish;
 *   <li>while a map is removed: first no public pin, then a record without its pin, then nothing;
 *       whoever reads the records finds it and removes it again;
 *   <li>while a record is kept or brought back: one rename, so it is at one of the two places;
 *   <li>while entries are written: some tasks have the new value, some the old one; the first pass
 *       of the next writer looks at every task of the system.
 * </ul>
 */
@NullMarked
package io.taskstorage.taskstore;

import org.jspecify.annotations.NullMarked;
