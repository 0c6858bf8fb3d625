/**
 * Who would carry which values, without writing any.
 *
 * <p>Reading order: {@link io.taskstorage.cli.preview.PreviewComputation} asks the policy engine
 * for every {@link io.taskstorage.cli.preview.PreviewSubject} (a pod, a container, a {@code
 * UnitPlace} or path of a host), which gives a {@link io.taskstorage.cli.preview.Preview}; {@link
 * io.taskstorage.cli.preview.Difference} compares two of them; {@link
 * io.taskstorage.cli.preview.PreviewTable} and {@link io.taskstorage.cli.preview.DifferenceTable}
 * tell them to people, {@link io.taskstorage.cli.preview.PreviewDocument} to programs.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) The bytes are those that an agent would write: the same engine makes them, and nothing
 *       here decides who wins.
 *   <li>(B) Nothing is told twice: a container only where it carries something else than its pod, a
 *       host's subject once for all nodes on which it is the same.
 *   <li>(C) Pure. What is assumed because nobody described it is a note.
 * </ul>
 */
@NullMarked
package io.taskstorage.cli.preview;

import org.jspecify.annotations.NullMarked;
