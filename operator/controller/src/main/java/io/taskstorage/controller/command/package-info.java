/** {@code taskstorage controller}. */
@NullMarked
package io.taskstorage.controller.command;

import org.jspecify.annotations.NullMarked;
