/** Tests of the layout: tables, seeded properties, and the comparison with gcc. */
@NullMarked
package io.taskstorage.layout;

import org.jspecify.annotations.NullMarked;
