/**
 * What is deployed, on a real API server: who may do what, what is refused, and what tools make of
 * the status.
 *
 * <p>Read in this order: {@link io.taskstorage.e2e.operator.Installation}, the cluster with {@code
 * operator/deploy} applied; {@link io.taskstorage.e2e.operator.Rights}, what an account may do;
 * {@link io.taskstorage.e2e.operator.AgentPods}, nodes and tokens as a kubelet has them; {@link
 * io.taskstorage.e2e.operator.Situation}, what an object's status means to whoever waits; then the
 * tests.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What is applied are the files that users apply.
 *   <li>(B) What is allowed is written down; that all else is refused is asked for every resource
 *       that the server serves.
 *   <li>(C) A test takes away what it made: all tests of the module share one server.
 * </ul>
 */
@NullMarked
package io.taskstorage.e2e.operator;

import org.jspecify.annotations.NullMarked;
