package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether labels meet a selector, as Kubernetes decides it. */
public final class LabelSelection {

  private LabelSelection() {}

  /**
   * True if the labels meet every part of the selector; an empty selector takes everything.
   *
   * <p>A label that is absent meets {@code NotIn} and {@code DoesNotExist}. A requirement that the
   * engine would not accept is met by nothing.
   */
  public static boolean selects(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> wanted = Objects.requireNonNullElse(selector.matchLabels(), Map.of());
    for (Map.Entry<String, String> label : wanted.entrySet()) {
      if (!label.getValue().equals(labels.get(label.getKey()))) {
        return false;
      }
    }
    for (LabelSelectorRequirement requirement :
        Objects.requireNonNullElse(
            selector.matchExpressions(), List.<LabelSelectorRequirement>of())) {
      if (!meets(requirement, labels)) {
        return false;
      }
    }
    return true;
  }

  private static boolean meets(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String key = requirement.key();
    String operator = requirement.operator();
    if (key == null || operator == null) {
      return false;
    }
    List<String> values = Objects.requireNonNullElse(requirement.values(), List.of());
    String actual = labels.get(key);
    return switch (operator) {
      case "In" -> actual != null && values.contains(actual);
      case "NotIn" -> actual == null || !values.contains(actual);
      case "Exists" -> actual != null;
      case "DoesNotExist" -> actual == null;
      default -> false;
    };
  }
}
