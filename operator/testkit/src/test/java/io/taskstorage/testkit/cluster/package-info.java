/** Tests of the API server that tests are given. */
@NullMarked
package io.taskstorage.testkit.cluster;

import org.jspecify.annotations.NullMarked;
