/** Placeholder until the first type lands. */
@NullMarked
package io.taskstorage.taskstore;

import org.jspecify.annotations.NullMarked;
