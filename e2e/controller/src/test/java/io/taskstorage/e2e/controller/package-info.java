/** The controller as a process; the tests play nodes and agents. */
@NullMarked
package io.taskstorage.e2e.controller;

import org.jspecify.annotations.NullMarked;
