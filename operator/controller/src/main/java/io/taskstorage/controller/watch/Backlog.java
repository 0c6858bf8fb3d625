package io.taskstorage.controller.watch;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * How far the handlers are with what an informer has listed: it is synced when its store is filled,
 * and they are called after that.
 */
final class Backlog {

  private final IntSupplier stored;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicBoolean caughtUp = new AtomicBoolean();

  /** The backlog of a store of so many objects. */
  Backlog(IntSupplier stored) {
    this.stored = stored;
  }

  /** So many objects more were taken in. */
  void taken(int objects) {
    taken.addAndGet(objects);
  }

  /** True once as many objects were taken in as are stored, and for ever after. */
  boolean isCaughtUp() {
    if (!caughtUp.get() && taken.get() == stored.getAsInt()) {
      caughtUp.set(true);
    }
    return caughtUp.get();
  }
}
