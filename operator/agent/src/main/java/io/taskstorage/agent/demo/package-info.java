/**
 * {@code ./taskstorage demo}: the product in a minute, on processes and cgroups of its own.
 *
 * <p>Reading order: {@link io.taskstorage.agent.demo.Demo}, {@link
 * io.taskstorage.agent.demo.Ground} (where it plays: which plane, which cgroups), {@link
 * io.taskstorage.agent.demo.Story} (what happens), {@link io.taskstorage.agent.demo.Worker} (a real
 * process), {@link io.taskstorage.agent.demo.Undo} (why nothing is left behind).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) The demo drives the very loop that {@code run} drives, from manifests in a folder; it
 *       has no way of its own to a map.
 *   <li>(B) Whatever is made is remembered in {@link io.taskstorage.agent.demo.Undo} at once; it is
 *       undone on the thread that made it, at the end, on a failure and on a signal alike.
 *   <li>(C) Its pins and cgroups carry its pid in their names, so it never meets a live agent nor
 *       another demo.
 *   <li>(D) What it says was looked at: a chapter whose entries are not what it tells ends the demo
 *       as failed.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.demo;

import org.jspecify.annotations.NullMarked;
