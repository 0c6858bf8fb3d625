/** Placeholder until the first type lands. */
@NullMarked
package io.taskstorage.layout;

import org.jspecify.annotations.NullMarked;
