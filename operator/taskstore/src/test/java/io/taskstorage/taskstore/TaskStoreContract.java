package io.taskstorage.taskstore;

import org.junit.jupiter.api.AfterEach;

/** What every plane does; the test of a plane says in which world its store is. */
interface TaskStoreContract extends RowContract, TaskContract, MapContract, LateContract {
  @AfterEach
  default void closeStore() {
    store().close();
  }
}
