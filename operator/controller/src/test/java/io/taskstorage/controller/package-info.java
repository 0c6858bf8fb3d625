/** What holds for the whole controller. */
@NullMarked
package io.taskstorage.controller;

import org.jspecify.annotations.NullMarked;
