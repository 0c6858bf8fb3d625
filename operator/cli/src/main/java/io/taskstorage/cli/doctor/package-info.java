/**
 * What a cluster offers to agents and controller, what it lacks, and how to mend it.
 *
 * <p>Reading order: {@link io.taskstorage.cli.doctor.ClusterExamination}, the questions that it
 * asks ({@code Definitions}, {@code Rights}, {@code OwnNode}, {@code Leader}, {@code FleetChecks}),
 * {@link io.taskstorage.cli.doctor.ClusterDiagnosis}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What may not be asked is unknown, never no.
 *   <li>(B) Asking changes nothing: access reviews are answered, not stored.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.doctor;

import org.jspecify.annotations.NullMarked;
