/** Placeholder until the first type lands. */
@NullMarked
package io.taskstorage.policy;

import org.jspecify.annotations.NullMarked;
