package io.taskstorage.controller.watch;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the handlers are with what an informer has seen: it is synced when its store is filled,
 * and they are called after that. Thread-safe.
 */
final class Backlog {

  private final BooleanSupplier listed;
  private final IntSupplier stored;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicBoolean caughtUp = new AtomicBoolean();
  private final AtomicLong newest = new AtomicLong();

  /** The backlog of a store that is filled once all is listed, with so many objects. */
  Backlog(BooleanSupplier listed, IntSupplier stored) {
    this.listed = listed;
    this.stored = stored;
  }

  /**
   * A version of an object was taken in.
   *
   * @param objects how many more there are for it
   */
  void taken(int objects, @Nullable String version) {
    newest.accumulateAndGet(StoreAge.number(version), Math::max);
    taken.addAndGet(objects);
  }

  /** The newest version that was taken in: what is computed from now on knows it. 0 = none. */
  long newest() {
    return newest.get();
  }

  /** True once all is listed and as many objects were taken in, and for ever after. */
  boolean isCaughtUp() {
    if (!caughtUp.get() && listed.getAsBoolean() && taken.get() == stored.getAsInt()) {
      caughtUp.set(true);
    }
    return caughtUp.get();
  }
}
