package io.taskstorage.controller.aggregate;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A map's {@code maxFailedNodes}: how many nodes may fail without taking Ready away. */
final class Tolerance {

  private Tolerance() {}

  /** Of so many expected nodes; a percentage is rounded down. The map is accepted. */
  static int of(TaskStorageMap map, int expected) {
    return of(map.getSpec() == null ? null : map.getSpec().maxFailedNodes(), expected);
  }

  private static int of(@Nullable IntOrString bound, int expected) {
    if (bound == null) {
      return 0;
    }
    String percentage = bound.getStrVal();
    if (percentage == null) {
      return Objects.requireNonNullElse(bound.getIntVal(), 0);
    }
    long percent = Long.parseLong(percentage.substring(0, percentage.length() - 1));
    return (int) (expected * percent / 100);
  }
}
