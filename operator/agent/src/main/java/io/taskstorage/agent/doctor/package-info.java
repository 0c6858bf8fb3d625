/**
 * What a node offers, what it lacks, and how to mend it.
 *
 * <p>Reading order: {@link io.taskstorage.console.Finding}, {@link io.taskstorage.console.Check},
 * {@link io.taskstorage.agent.doctor.Diagnosis}, {@link
 * io.taskstorage.agent.doctor.DiagnosisReport}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A feature is found by using it, never by the kernel's version.
 *   <li>(B) What could not be found out is unknown, never no.
 *   <li>(C) Looking changes nothing: what a look makes in the kernel is gone when it returns.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.doctor;

import org.jspecify.annotations.NullMarked;
