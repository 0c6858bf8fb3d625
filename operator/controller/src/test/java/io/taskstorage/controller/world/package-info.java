/** Worlds for tests of statuses: objects and nodes as the API has them, and a second opinion. */
@NullMarked
package io.taskstorage.controller.world;

import org.jspecify.annotations.NullMarked;
