/**
 * From what was seen to what is written.
 *
 * <p>Read in this order: {@link io.taskstorage.controller.reconcile.MapReconciler} and its two
 * siblings, which collect and hand over to {@link io.taskstorage.controller.reconcile.StatusDesk};
 * {@link io.taskstorage.controller.reconcile.Pace}, which says when a status may be written; {@link
 * io.taskstorage.controller.reconcile.StatusWriter} and {@link
 * io.taskstorage.controller.reconcile.EventWriter}, the only ones that write; {@link
 * io.taskstorage.controller.reconcile.NodeLooks}, which sees to single Nodes: {@link
 * io.taskstorage.controller.reconcile.NodeStateKeeper} gives each its state, {@link
 * io.taskstorage.controller.reconcile.StartupTaintKeeper} takes from each the start-up taint that
 * has done its service; {@link io.taskstorage.controller.reconcile.Controller}, which ties them
 * together.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Nothing is written before every kind has been listed once.
 *   <li>(B) A status carries the resourceVersion of the object that it was computed for.
 *   <li>(C) An object is written at most once a second, and only if something differs.
 *   <li>(D) Of users' objects nothing but the status is ever written, and of Nodes nothing but the
 *       start-up taint taken away where that was asked for.
 *   <li>(E) A failure is tried again for ever, at intervals of at most half a minute.
 * </ul>
 */
@NullMarked
package io.taskstorage.controller.reconcile;

import org.jspecify.annotations.NullMarked;
