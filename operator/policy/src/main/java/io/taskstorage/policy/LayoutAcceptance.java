package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.StructField;
import io.taskstorage.api.v1alpha1.ValueStruct;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.LayoutProblem;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Judges the value struct of a map: what is missing or unknown here, all else by the layout. */
final class LayoutAcceptance {

  private static final List<String> TYPES =
      Arrays.stream(ScalarType.values()).map(ScalarType::wireName).toList();
  private static final List<String> OWNERS =
      Arrays.stream(Owner.values()).map(Owner::wireName).toList();
  private static final Pattern INDEX = Pattern.compile("spec\\.value\\.fields\\[([0-9]+)].*");

  private final Problems problems = new Problems();

  /** Paths that were judged here, so that the layout's word on their stand-ins is not repeated. */
  private final Set<String> judged = new HashSet<>();

  private LayoutAcceptance() {}

  static Stream<StructField> fields(ValueStruct value) {
    return Objects.requireNonNullElse(value.fields(), List.<StructField>of()).stream();
  }

  /** The layout, or its problems, which are added in the order of the spec. */
  static Optional<StructLayout> judge(ValueStruct value, Problems problems) {
    LayoutAcceptance acceptance = new LayoutAcceptance();
    Optional<StructLayout> layout = acceptance.layout(value);
    problems.addAll(acceptance.problems, Comparator.comparingInt(LayoutAcceptance::position));
    return layout;
  }

  private Optional<StructLayout> layout(ValueStruct value) {
    problems.refuseUnknown("spec.value", value);
    String typeName = value.typeName();
    if (typeName == null) {
      missing("spec.value.typeName", "give the C name of the struct");
    }
    if (value.fields() == null) {
      missing("spec.value.fields", "add at least one field");
    }
    List<StructField> declared = fields(value).toList();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      fields.add(field(declared.get(i), "spec.value.fields[%d]".formatted(i)));
    }
    String name = Objects.requireNonNullElse(typeName, "absent");
    List<LayoutProblem> found = StructLayout.problems(name, fields);
    for (LayoutProblem problem : found) {
      String path = "spec." + problem.path();
      if (!judged.contains(path)) {
        problems.invalid(path, problem.message());
      }
    }
    return found.isEmpty() && problems.isEmpty()
        ? Optional.of(StructLayout.of(name, fields))
        : Optional.empty();
  }

  /** The field as the layout has it; a stand-in takes the place of what is missing or unknown. */
  private Field field(StructField declared, String path) {
    problems.refuseUnknown(path, declared);
    String name = declared.name();
    if (name == null) {
      missing(path + ".name", "give the field a C identifier");
    }
    Optional<ScalarType> type = type(declared, path);
    Integer length = declared.length();
    return new Field(
        name == null ? standIn(path) : name,
        type.orElse(ScalarType.U8),
        length == null || type.isEmpty() ? OptionalInt.empty() : OptionalInt.of(length),
        owner(declared, path));
  }

  private Optional<ScalarType> type(StructField declared, String path) {
    if (declared.type() == null) {
      problems.missing(path + ".type", "use " + Problems.oneOf(TYPES));
      return Optional.empty();
    }
    Optional<ScalarType> type = ScalarType.ofWireName(declared.type());
    if (type.isEmpty()) {
      problems.unknownWord(path + ".type", declared.type(), TYPES);
    }
    return type;
  }

  private Owner owner(StructField declared, String path) {
    if (declared.owner() == null) {
      return Owner.POLICY;
    }
    Optional<Owner> owner = Owner.ofWireName(declared.owner());
    if (owner.isEmpty()) {
      problems.unknownWord(path + ".owner", declared.owner(), OWNERS);
    }
    return owner.orElse(Owner.POLICY);
  }

  private void missing(String path, String add) {
    judged.add(path);
    problems.missing(path, add);
  }

  /** A name that no valid field can have, so that it is never the double of one. */
  private static String standIn(String path) {
    return " " + path;
  }

  /** The index of the field that a problem is about; before all fields for the rest. */
  private static int position(Problem problem) {
    Matcher matcher = INDEX.matcher(problem.path());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
