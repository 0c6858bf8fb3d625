/**
 * The commands that read manifests and clusters, and no kernel: what a reviewer, a pipeline or a
 * laptop runs.
 *
 * <p>Reading order: {@link io.taskstorage.cli.TaskStorageCli} (all of them), {@code FilesOption}
 * (what {@code -f} takes), then {@link io.taskstorage.cli.LintCommand}, {@link
 * io.taskstorage.cli.LayoutCommand} and {@link io.taskstorage.cli.PreviewCommand}; behind them the
 * packages {@code input} (what is read), {@code layout} and {@code preview} (what is told of it).
 * Of a cluster: {@link io.taskstorage.cli.StatusCommand}, {@link
 * io.taskstorage.cli.ExplainCommand}, {@link io.taskstorage.cli.ClusterDoctorCommand} with the
 * packages {@code live}, {@code status}, {@code explain} and {@code doctor}; of one node of it,
 * {@link io.taskstorage.cli.NodeEntriesCommand} and {@link io.taskstorage.cli.NodeTopCommand} with
 * {@code node}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What a command was asked for goes to standard output; everything else, errors above
 *       all, to standard error.
 *   <li>(B) Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something is refused or not in line.
 *   <li>(C) JSON and YAML have one shape, which the reference describes: what is there stays, what
 *       is new is added.
 *   <li>(D) Nothing here writes, to a cluster or to a file.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli;

import org.jspecify.annotations.NullMarked;
