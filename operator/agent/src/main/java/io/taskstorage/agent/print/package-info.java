/**
 * The forms in which what a store holds is printed: {@link io.taskstorage.agent.print.EntryTable}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Pure: what is printed was read by somebody else.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.print;

import org.jspecify.annotations.NullMarked;
