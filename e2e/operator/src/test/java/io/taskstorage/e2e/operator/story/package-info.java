/**
 * What people do with the operator, and what then is: kubectl on one side, on the other the status
 * of their objects and the bytes on real tasks of two hosts.
 *
 * <p>Reading order: {@link io.taskstorage.e2e.operator.story.Stage}, {@link
 * io.taskstorage.e2e.operator.story.StatusText}, {@link
 * io.taskstorage.e2e.operator.story.CarriedValues}; then the tests, of which one is another story
 * each time and counts by {@link io.taskstorage.e2e.operator.story.CountedCluster}.
 *
 * <p>Invariants: (A) A status is waited for, and written down as a whole. (B) Once a status says
 * that a generation is programmed, its values are there: nothing is waited for then. (C) Values are
 * read by a program in C that has its own struct and shares no code with the agent. (D) A story
 * takes away what it made, and waits until it is gone.
 */
@NullMarked
package io.taskstorage.e2e.operator.story;

import org.jspecify.annotations.NullMarked;
