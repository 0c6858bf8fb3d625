package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.PolicyValue;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.Spelling;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.PlacedField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges the values of a policy, by themselves and against the map's fields. */
final class ValueAcceptance {

  private static final int MAX_VALUES = 64;
  private static final int MAX_SHOWN_FIELDS = 8;

  private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private final Problems problems;
  private final Optional<AcceptedMap> map;
  private final SourceAcceptance sources;
  private final boolean isNamespaced;

  /** The map, if it is accepted, the kind of the policy's subject, and its tier if it is known. */
  ValueAcceptance(
      Problems problems, Optional<AcceptedMap> map, SubjectKind kind, Optional<Tier> tier) {
    this.problems = problems;
    this.map = map;
    this.sources = new SourceAcceptance(problems, kind, tier);
    this.isNamespaced = tier.equals(Optional.of(Tier.NAMESPACED));
  }

  /** The values; what they hold counts only if no problem was found. */
  List<FieldValue> judge(@Nullable List<PolicyValue> values) {
    if (values == null || values.isEmpty()) {
      problems.missing("spec.values", "set at least one field");
      return List.of();
    }
    problems.atMost(MAX_VALUES, values.size(), "values", "spec.values");
    List<FieldValue> judged = new ArrayList<>();
    Map<String, Integer> firstIndex = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      judge(values.get(i), i, firstIndex).ifPresent(judged::add);
    }
    return judged;
  }

  private Optional<FieldValue> judge(
      PolicyValue value, int index, Map<String, Integer> firstIndex) {
    String name = value.field();
    String byIndex = "spec.values[%d]".formatted(index);
    if (name == null || !FIELD.matcher(name).matches()) {
      problems.refuseUnknown(byIndex, value);
      if (name == null) {
        problems.missing(byIndex + ".field", "name a field of the map");
      } else {
        problems.invalid(
            byIndex + ".field", Quote.text(name) + " is no C identifier: name a field of the map");
      }
      sources.judge(value, Optional.empty(), byIndex);
      return Optional.empty();
    }
    // The field names an element best, and only the first that has it.
    Integer first = firstIndex.putIfAbsent(name, index);
    String path = first == null ? "spec.values[%s]".formatted(name) : byIndex;
    problems.refuseUnknown(path, value);
    if (first != null) {
      problems.invalid(
          path + ".field", "%s is also set by values[%d]: remove one".formatted(name, first));
    }
    Optional<Field> field = judgeField(name, path);
    return sources.judge(value, field, path).map(source -> new FieldValue(name, source));
  }

  private Optional<Field> judgeField(String name, String path) {
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Optional<Field> field = map.get().layout().field(name).map(PlacedField::field);
    if (field.isEmpty()) {
      problems.invalid(
          path + ".field",
          "map %s has no field %s: %s".formatted(map.get().name(), name, mend(name, map.get())));
    } else if (!field.get().isPolicyOwned()) {
      problems.invalid(
          path + ".field",
          "%s is written by BPF programs (owner: Program): remove it".formatted(name));
      return Optional.empty();
    } else if (isNamespaced && !map.get().delegated().contains(name)) {
      problems.add(
          Reason.NOT_ALLOWED_BY_TARGET,
          path + ".field",
          "map %s lets no namespace set %s: drop it, or ask its owner to list it in"
                  .formatted(map.get().name(), name)
              + " allowedPolicies.fields");
    }
    return field;
  }

  /** The end of a message: the field that was meant, or those that there are. */
  private static String mend(String name, AcceptedMap map) {
    List<String> names =
        map.layout().fields().stream()
            .map(PlacedField::field)
            .filter(Field::isPolicyOwned)
            .map(Field::name)
            .toList();
    if (names.isEmpty()) {
      return "programs write all its fields: remove it";
    }
    return Spelling.nearest(name, names)
        .map("did you mean %s?"::formatted)
        .orElseGet(() -> "use " + oneOf(names));
  }

  private static String oneOf(List<String> names) {
    int more = names.size() - MAX_SHOWN_FIELDS;
    return more <= 0
        ? Problems.oneOf(names)
        : "%s or one of %d more"
            .formatted(String.join(", ", names.subList(0, MAX_SHOWN_FIELDS)), more);
  }
}
