/** Placeholder until the first type lands. */
@NullMarked
package io.taskstorage.testkit;

import org.jspecify.annotations.NullMarked;
