/** The product in a minute, on processes and cgroups of its own. */
@NullMarked
package io.taskstorage.agent.demo;

import org.jspecify.annotations.NullMarked;
