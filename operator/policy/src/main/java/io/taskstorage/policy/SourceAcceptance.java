package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.Cel;
import io.taskstorage.api.v1alpha1.FieldRef;
import io.taskstorage.api.v1alpha1.PolicyValue;
import io.taskstorage.api.v1alpha1.ValueFrom;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
import io.taskstorage.policy.cel.CelCompilation;
import io.taskstorage.policy.cel.CelExpression;
import java.util.List;
import java.util.Optional;

/** Judges where one value of a policy comes from. */
final class SourceAcceptance {

  private static final int MAX_LITERAL_CHARACTERS = 8192;

  private final Problems problems;
  private final SubjectKind kind;
  private final Optional<Tier> tier;

  /** The kind of the policy's subject, and its tier if that is known. */
  SourceAcceptance(Problems problems, SubjectKind kind, Optional<Tier> tier) {
    this.problems = problems;
    this.kind = kind;
    this.tier = tier;
  }

  /**
   * The source; what it holds counts only if no problem was found.
   *
   * @param field the field that it is for; empty where none is known
   */
  Optional<ValueSource> judge(PolicyValue value, Optional<Field> field, String path) {
    String literal = value.value();
    ValueFrom valueFrom = value.valueFrom();
    if (literal != null && valueFrom != null) {
      problems.invalid(path, "both value and valueFrom: keep one");
    } else if (literal == null && valueFrom == null && value.unknownFields().isEmpty()) {
      problems.invalid(path, "neither value nor valueFrom: add exactly one");
    }
    Optional<ValueSource> source = Optional.empty();
    if (valueFrom != null) {
      source = judgeValueFrom(valueFrom, field, path + ".valueFrom");
    }
    if (literal != null) {
      judgeLiteral(literal, field, path + ".value");
      source = Optional.of(new ValueSource.Literal(literal));
    }
    return source;
  }

  private void judgeLiteral(String text, Optional<Field> field, String path) {
    if (Quote.characters(text) > MAX_LITERAL_CHARACTERS) {
      problems.invalid(
          path,
          "a text of %d characters: at most %d are allowed: use valueFrom.cel, or owner: Program"
              .formatted(Quote.characters(text), MAX_LITERAL_CHARACTERS));
    } else if (field.isPresent()
        && Literal.encode(field.get(), text) instanceof Encoded.Problem problem) {
      problems.invalid(path, problem.message());
    }
  }

  private Optional<ValueSource> judgeValueFrom(
      ValueFrom valueFrom, Optional<Field> field, String path) {
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
    return cel == null ? source : judgeCel(cel, field, path + ".cel");
  }

  private Optional<ValueSource> judgeFieldRef(FieldRef fieldRef, String path) {
    problems.refuseUnknown(path, fieldRef);
    String fieldPath = fieldRef.fieldPath();
    if (kind == SubjectKind.HOST_PROCESSES) {
      problems.invalid(path, "names a property of pods, hostProcesses have none: use value");
    }
    if (fieldPath == null) {
      problems.missing(path + ".fieldPath", "name a property of the pod");
      return Optional.empty();
    }
    Optional<PodProperty> property = PodProperty.parse(fieldPath);
    if (property.isEmpty()) {
      problems.invalid(
          path + ".fieldPath",
          "names no property: use metadata.name, metadata.namespace, metadata.uid,"
              + " spec.nodeName, spec.serviceAccountName, metadata.labels['KEY'] or"
              + " metadata.annotations['KEY']");
    }
    property
        .filter(PodProperty::isOwnersToChange)
        .ifPresent(read -> warnAdmin(path, read.toString()));
    return property.map(ValueSource.FieldRef::new);
  }

  /** Whoever may edit a pod would otherwise decide what the highest tier says of it. */
  private void warnAdmin(String path, String read) {
    if (tier.equals(Optional.of(Tier.ADMIN))) {
      problems.warn(
          path,
          "tier Admin trusts %s, which whoever may edit the pod sets: use a label of the namespace"
                  .formatted(read)
              + " or the service account where the value is an identity");
    }
  }

  private Optional<ValueSource> judgeCel(Cel cel, Optional<Field> field, String path) {
    problems.refuseUnknown(path, cel);
    String expression = cel.expression();
    String at = path + ".expression";
    if (expression == null || expression.isEmpty()) {
      problems.missing(at, "write an expression");
      return Optional.empty();
    }
    if (Quote.characters(expression) > CelExpression.MAX_CHARACTERS) {
      problems.invalid(
          at,
          "%d characters: at most %d are allowed: shorten it"
              .formatted(Quote.characters(expression), CelExpression.MAX_CHARACTERS));
      return Optional.empty();
    }
    if (field.isEmpty()) {
      return Optional.empty();
    }
    return switch (CelExpression.compile(expression, field.get(), Variable.of(kind))) {
      case CelCompilation.Compiled(CelExpression compiled) -> {
        compiled.reads().stream()
            .filter(Variable::isOwnersToChange)
            .sorted()
            .forEach(read -> warnAdmin(path, read));
        yield Optional.of(new ValueSource.Cel(compiled));
      }
      case CelCompilation.Refused(List<String> found) -> {
        found.forEach(problem -> problems.invalid(at, problem));
        yield Optional.empty();
      }
    };
  }
}
