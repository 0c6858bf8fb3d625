package io.taskstorage.taskstore;

import io.taskstorage.taskstore.inkernel.Event;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What programs have told that no sweep has seen, and who is woken by it. Any thread may call. */
final class KernelNews {
  private static final Set<Event.Kind> FAILED = Set.of(Event.Kind.TASK_FAILED);
  private static final Set<Event.Kind> REMOVED = Set.of(Event.Kind.CGROUP_REMOVED);

  /** A process has moved since the last sweep: what its threads have is of where they were. */
  private final AtomicBoolean hasMoved = new AtomicBoolean();

  private final AtomicBoolean isSweepDue = new AtomicBoolean();
  private volatile boolean hasFailed;
  private volatile TaskStore.@Nullable Wake listener;

  /** From now on somebody is woken. */
  void wake(TaskStore.Wake wake) {
    listener = wake;
  }

  /** Programs have told of these. */
  void told(Set<Event.Kind> kinds) {
    if (kinds.contains(Event.Kind.PROCESS_MOVED)) {
      hasMoved.set(true);
    }
    // While entries are refused they are tried again at their own pace: each birth tells of it.
    if (hasFailed && kinds.equals(FAILED)) {
      return;
    }
    if (kinds.contains(Event.Kind.CGROUP_MADE)) {
      tell(TaskStore.Wake::cgroupMade);
    } else if (kinds.equals(REMOVED)) {
      tell(TaskStore.Wake::cgroupRemoved);
    } else {
      sweepDue();
    }
  }

  /** A sweep is due whatever programs tell. */
  void sweepDue() {
    tell(TaskStore.Wake::sweepDue);
  }

  private void tell(Consumer<TaskStore.Wake> news) {
    isSweepDue.set(true);
    TaskStore.Wake wake = listener;
    if (wake != null) {
      news.accept(wake);
    }
  }

  /** Whether something was told since the last sweep began. */
  boolean isSweepDue() {
    return isSweepDue.get();
  }

  /** A sweep begins that sees all that was told. */
  void seen() {
    isSweepDue.set(false);
  }

  /** Whether a process has moved since the last call. */
  boolean takeMoved() {
    return hasMoved.getAndSet(false);
  }

  /** How a sweep ended. */
  void swept(boolean isOneFailed) {
    hasFailed = isOneFailed;
  }
}
