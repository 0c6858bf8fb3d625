/**
 * How a process that runs for long shows itself: what it answers over HTTP, what it counts, what it
 * logs.
 *
 * <p>Reading order: {@link io.taskstorage.telemetry.TelemetryOptions} (what every such command lets
 * its user choose), {@link io.taskstorage.telemetry.Endpoints} (health, readiness, metrics, state)
 * with {@link io.taskstorage.telemetry.ListenAddress}, {@link
 * io.taskstorage.telemetry.ProcessMetrics}; then {@link io.taskstorage.telemetry.Logs}, {@link
 * io.taskstorage.telemetry.LogKey} and, behind them, {@code LogProvider}, {@code StructuredLogger}
 * and {@code LogLine}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Nothing that a client does costs more than a bounded number of threads, connections and
 *       bytes, or changes anything.
 *   <li>(B) The state for debugging is told on a loopback address and nowhere else.
 *   <li>(C) An event is one line, whatever its values hold; its keys are those of {@link
 *       io.taskstorage.telemetry.LogKey}.
 *   <li>(D) Until {@link io.taskstorage.telemetry.Logs#start} nothing is logged: a command that
 *       people type prints what it has to say.
 * </ul>
 */
@NullMarked
package io.taskstorage.telemetry;

import org.jspecify.annotations.NullMarked;
