package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.Cel;
import io.taskstorage.api.v1alpha1.FieldRef;
import io.taskstorage.api.v1alpha1.PolicyValue;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.Spelling;
import io.taskstorage.api.v1alpha1.ValueFrom;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
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
  private static final int MAX_LITERAL_CHARACTERS = 8192;
  private static final int MAX_EXPRESSION_CHARACTERS = 2048;
  private static final int MAX_SHOWN_FIELDS = 8;

  private static final Pattern FIELD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
  private static final Pattern FIELD_PATH =
      Pattern.compile(
          "metadata\\.(name|namespace|uid)|spec\\.(nodeName|serviceAccountName)"
              + "|metadata\\.(labels|annotations)\\['[^'\\\\]{1,317}'\\]");

  private final Problems problems;
  private final Optional<AcceptedMap> map;
  private final boolean onHosts;

  /** The map, if it is accepted, and whether the policy's subject is on hosts. */
  ValueAcceptance(Problems problems, Optional<AcceptedMap> map, boolean onHosts) {
    this.problems = problems;
    this.map = map;
    this.onHosts = onHosts;
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
      judgeSource(value, Optional.empty(), byIndex);
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
    return judgeSource(value, field, path).map(source -> new FieldValue(name, source));
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

  private Optional<ValueSource> judgeSource(PolicyValue value, Optional<Field> field, String path) {
    String literal = value.value();
    ValueFrom valueFrom = value.valueFrom();
    if (literal != null && valueFrom != null) {
      problems.invalid(path, "both value and valueFrom: keep one");
    } else if (literal == null && valueFrom == null && value.unknownFields().isEmpty()) {
      problems.invalid(path, "neither value nor valueFrom: add exactly one");
    }
    Optional<ValueSource> source = Optional.empty();
    if (valueFrom != null) {
      source = judgeValueFrom(valueFrom, path + ".valueFrom");
    }
    if (literal != null) {
      judgeLiteral(literal, field, path + ".value");
      source = Optional.of(new ValueSource.Literal(literal));
    }
    return source;
  }

  private void judgeLiteral(String text, Optional<Field> field, String path) {
    if (text.length() > MAX_LITERAL_CHARACTERS) {
      problems.invalid(
          path,
          "a text of %d characters: at most %d are allowed"
              .formatted(text.length(), MAX_LITERAL_CHARACTERS));
    } else if (field.isPresent()
        && Literal.encode(field.get(), text) instanceof Encoded.Problem(String message)) {
      problems.invalid(path, message);
    }
  }

  private Optional<ValueSource> judgeValueFrom(ValueFrom valueFrom, String path) {
    problems.refuseUnknown(path, valueFrom);
    FieldRef fieldRef = valueFrom.fieldRef();
    Cel cel = valueFrom.cel();
    if (fieldRef != null && cel != null) {
      problems.invalid(path, "both fieldRef and cel: keep one");
    } else if (fieldRef == null && cel == null && valueFrom.unknownFields().isEmpty()) {
      problems.invalid(path, "neither fieldRef nor cel: add exactly one");
    }
    Optional<ValueSource> source =
        fieldRef == null ? Optional.empty() : judgeFieldRef(fieldRef, path + ".fieldRef");
    return cel == null ? source : judgeCel(cel, path + ".cel");
  }

  private Optional<ValueSource> judgeFieldRef(FieldRef fieldRef, String path) {
    problems.refuseUnknown(path, fieldRef);
    String fieldPath = fieldRef.fieldPath();
    if (onHosts) {
      problems.invalid(path, "names a property of pods, hostProcesses have none: use value");
    }
    if (fieldPath == null) {
      problems.missing(path + ".fieldPath", "name a property of the pod");
      return Optional.empty();
    }
    if (!FIELD_PATH.matcher(fieldPath).matches()) {
      problems.invalid(
          path + ".fieldPath",
          Quote.text(fieldPath)
              + " names no property: use metadata.name, metadata.namespace, metadata.uid,"
              + " spec.nodeName, spec.serviceAccountName, metadata.labels['KEY'] or"
              + " metadata.annotations['KEY']");
    }
    return Optional.of(new ValueSource.FieldRef(fieldPath));
  }

  private Optional<ValueSource> judgeCel(Cel cel, String path) {
    problems.refuseUnknown(path, cel);
    if (onHosts) {
      problems.add(
          Reason.UNSUPPORTED_FIELD,
          path,
          "not supported for hostProcesses by this version: use value");
    }
    String expression = cel.expression();
    if (expression == null || expression.isEmpty()) {
      problems.missing(path + ".expression", "write an expression");
      return Optional.empty();
    }
    if (expression.length() > MAX_EXPRESSION_CHARACTERS) {
      problems.invalid(
          path + ".expression",
          "%d characters: at most %d are allowed"
              .formatted(expression.length(), MAX_EXPRESSION_CHARACTERS));
    }
    return Optional.of(new ValueSource.Cel(expression));
  }
}
