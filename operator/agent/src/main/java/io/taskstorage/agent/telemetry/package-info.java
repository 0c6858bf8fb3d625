/**
 * What an agent in a cluster shows of itself beside the node's state in the API: logged events,
 * metrics, readiness, and its state for debugging.
 *
 * <p>Reading order: {@link io.taskstorage.agent.telemetry.AgentView} (what was so far, for other
 * threads to ask), {@link io.taskstorage.agent.telemetry.AgentMetrics}, {@link
 * io.taskstorage.agent.telemetry.ReportLog}.
 *
 * <p>Invariants: (A) The number of series does not depend on how many pods, maps or policies there
 * are. (B) What is told for debugging has names and counts, and no values of fields.
 */
@NullMarked
package io.taskstorage.agent.telemetry;

import org.jspecify.annotations.NullMarked;
