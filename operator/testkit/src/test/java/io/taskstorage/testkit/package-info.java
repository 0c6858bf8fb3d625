/** Tests of the test kit. */
@NullMarked
package io.taskstorage.testkit;

import org.jspecify.annotations.NullMarked;
