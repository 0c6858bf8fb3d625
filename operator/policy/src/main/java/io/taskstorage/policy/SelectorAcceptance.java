package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges label selectors: bounds, operators, and keys and values that a label can have. */
final class SelectorAcceptance {

  private static final int MAX_REQUIREMENTS = 16;
  private static final int MAX_VALUES = 32;
  private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");
  private static final int MAX_PREFIX_CHARACTERS = 253;
  private static final int MAX_NAME_CHARACTERS = 63;

  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private final Problems problems;

  SelectorAcceptance(Problems problems) {
    this.problems = problems;
  }

  /** Judges the selector; an absent one is judged by whoever knows what absence means. */
  void judge(@Nullable LabelSelector selector, String path) {
    if (selector == null) {
      return;
    }
    problems.refuseUnknown(path, selector);
    // Sorted, because the order of a record's map copy differs from one run to the next.
    Map<String, String> labels =
        new TreeMap<>(Objects.requireNonNullElse(selector.matchLabels(), Map.of()));
    String labelsPath = path + ".matchLabels";
    problems.atMost(MAX_REQUIREMENTS, labels.size(), "labels", labelsPath);
    labels.forEach(
        (key, value) -> {
          judgeKey(key, labelsPath);
          judgeValue(value, "%s[%s]".formatted(labelsPath, Quote.name(key)));
        });
    List<LabelSelectorRequirement> requirements =
        Objects.requireNonNullElse(selector.matchExpressions(), List.of());
    problems.atMost(
        MAX_REQUIREMENTS, requirements.size(), "requirements", path + ".matchExpressions");
    for (int i = 0; i < requirements.size(); i++) {
      judge(requirements.get(i), "%s.matchExpressions[%d]".formatted(path, i));
    }
  }

  private void judge(LabelSelectorRequirement requirement, String path) {
    problems.refuseUnknown(path, requirement);
    if (requirement.key() == null) {
      problems.missing(path + ".key", "add the key of a label");
    } else {
      judgeKey(requirement.key(), path + ".key");
    }
    List<String> values = Objects.requireNonNullElse(requirement.values(), List.of());
    problems.atMost(MAX_VALUES, values.size(), "values", path + ".values");
    for (int i = 0; i < values.size(); i++) {
      judgeValue(values.get(i), "%s.values[%d]".formatted(path, i));
    }
    judgeOperator(requirement.operator(), values.isEmpty(), path);
  }

  private void judgeOperator(@Nullable String operator, boolean withoutValues, String path) {
    switch (operator) {
      case null -> problems.missing(path + ".operator", "use " + Problems.oneOf(OPERATORS));
      case "In", "NotIn" -> {
        if (withoutValues) {
          problems.missing(path + ".values", operator + " compares with values: add at least one");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!withoutValues) {
          problems.invalid(
              path + ".values", operator + " looks at the key alone: remove the values");
        }
      }
      default -> problems.unknownWord(path + ".operator", operator, OPERATORS);
    }
  }

  private void judgeKey(String key, String path) {
    int slash = key.indexOf('/');
    String prefix = key.substring(0, Math.max(slash, 0));
    String name = key.substring(slash + 1);
    boolean goodPrefix =
        slash < 0 || (prefix.length() <= MAX_PREFIX_CHARACTERS && PREFIX.matcher(prefix).matches());
    if (!goodPrefix || name.length() > MAX_NAME_CHARACTERS || !NAME.matcher(name).matches()) {
      problems.invalid(
          path,
          Quote.text(key)
              + " is no key of a label: use at most 63 letters, digits, -, _ and .,"
              + " and before them perhaps a domain and /");
    }
  }

  private void judgeValue(String value, String path) {
    boolean good =
        value.isEmpty() || (value.length() <= MAX_NAME_CHARACTERS && NAME.matcher(value).matches());
    if (!good) {
      problems.invalid(
          path,
          Quote.text(value)
              + " is no value of a label: use at most 63 letters, digits, -, _ and .,"
              + " with a letter or digit at both ends");
    }
  }
}
