/**
 * Stage five of a turn: what changed, and how things stand. Pure.
 *
 * <p>Reading order: {@link io.taskstorage.agent.report.Report}, {@link
 * io.taskstorage.agent.report.Line} and its two forms, {@link
 * io.taskstorage.agent.report.ObjectStatus} with the conditions of an object, {@link
 * io.taskstorage.agent.report.Standing}, which the next turn is told against; {@link
 * io.taskstorage.agent.report.NodeStateComputation}, the same for a cluster's controller, with
 * {@code PolicyTokens} and {@code Refusal}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Nothing is read here but what the stages before it handed over.
 *   <li>(B) A change is told once: what stands is not said again.
 *   <li>(C) Conditions and reasons are those of the API, so that a folder and a cluster use the
 *       same words.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.report;

import org.jspecify.annotations.NullMarked;
