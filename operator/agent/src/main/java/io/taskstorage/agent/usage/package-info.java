/**
 * What tasks use, by what they carry: {@link io.taskstorage.agent.usage.CpuTime} reads it of one
 * task, {@link io.taskstorage.agent.usage.FieldUsage} sums it up.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Only reads.
 *   <li>(B) A task that ends meanwhile is left out, with its time.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.usage;

import org.jspecify.annotations.NullMarked;
