package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.StructField;
import io.taskstorage.api.v1alpha1.ValueStruct;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.LayoutProblem;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Judges the value struct of a map: what is missing or unknown here, all else by the layout. */
final class LayoutAcceptance {

  private static final String TYPES = "U8 to U64, S8 to S64, Bool, Char or Bytes";

  private final Problems problems;

  /** Paths that were judged here, so that the layout's word on their stand-ins is not repeated. */
  private final Set<String> judged = new HashSet<>();

  LayoutAcceptance(Problems problems) {
    this.problems = problems;
  }

  static Stream<StructField> fields(ValueStruct value) {
    return Objects.requireNonNullElse(value.fields(), List.<StructField>of()).stream();
  }

  Optional<StructLayout> judge(ValueStruct value) {
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
    found.stream().filter(p -> !isJudged("spec." + p.path())).forEach(this::report);
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
    Optional<ScalarType> type =
        Optional.ofNullable(declared.type()).flatMap(ScalarType::ofWireName);
    if (type.isEmpty()) {
      // Without a type nothing can be said about the length.
      judged.add(path + ".length");
      judged.add(path + ".type");
      if (declared.type() == null) {
        problems.missing(path + ".type", "use " + TYPES);
      } else {
        problems.unknownWord(path + ".type", declared.type(), TYPES);
      }
    }
    Integer length = declared.length();
    return new Field(
        name == null ? standIn(path) : name,
        type.orElse(ScalarType.U8),
        length == null || type.isEmpty() ? OptionalInt.empty() : OptionalInt.of(length),
        owner(declared, path));
  }

  private Owner owner(StructField declared, String path) {
    if (declared.owner() == null) {
      return Owner.POLICY;
    }
    Optional<Owner> owner = Owner.ofWireName(declared.owner());
    if (owner.isEmpty()) {
      problems.unknownWord(path + ".owner", declared.owner(), "Policy or Program");
    }
    return owner.orElse(Owner.POLICY);
  }

  private void missing(String path, String add) {
    judged.add(path);
    problems.missing(path, add);
  }

  private boolean isJudged(String path) {
    return judged.contains(path);
  }

  private void report(LayoutProblem problem) {
    problems.invalid("spec." + problem.path(), problem.message());
  }

  /** A name that no valid field can have, so that it is never the double of one. */
  private static String standIn(String path) {
    return " " + path;
  }
}
