/**
 * A cluster's nodes without machines: Nodes, agents' pods and other pods are objects on a real API
 * server, and each agent judges, computes and reports with the code of the real one. What has no
 * counterpart is the kernel: every map that is wanted is in force at once, unless a fault says
 * otherwise.
 *
 * <p>Read in this order: {@link io.taskstorage.simulator.Simulator}, which is all that a test
 * starts; {@link io.taskstorage.simulator.SimulatedNode}, on which pods come and go and agents
 * fail; {@link io.taskstorage.simulator.NodeTurns}, from what is known to what is reported; {@link
 * io.taskstorage.simulator.ClusterObjects}, the objects that play nodes and pods.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A report is computed by {@code NodeStateComputation} and written by {@code
 *       NodeStateWriter}: nothing about it is made up here.
 *   <li>(B) Maps, policies and namespaces are watched once for all nodes; pods are not watched, for
 *       the simulator makes them.
 *   <li>(C) Nodes with the same labels and alike pods are computed once for all of them; the report
 *       is each one's own.
 * </ul>
 */
@NullMarked
package io.taskstorage.simulator;

import org.jspecify.annotations.NullMarked;
