/**
 * A second opinion: what the reference says of selection, delegation, precedence and values,
 * written down as plainly as it goes and without the engine. It knows the objects as they are sent
 * and nothing of {@code io.taskstorage.policy}.
 *
 * <p>Reading order: {@link io.taskstorage.oracle.World} (pods and objects), {@link
 * io.taskstorage.oracle.RandomWorld} (many of them), {@link io.taskstorage.oracle.Oracle} (what the
 * tasks of each subject carry).
 */
@NullMarked
package io.taskstorage.oracle;

import org.jspecify.annotations.NullMarked;
