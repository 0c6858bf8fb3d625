package io.taskstorage.policy;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
import io.taskstorage.policy.cel.CelExpression;

/**
 * Computes the bytes of one field for one subject.
 *
 * <p>What a pod says is its owner's business: the reasons name where a value comes from, never the
 * value.
 */
final class ValueComputation {

  private ValueComputation() {}

  /** The bytes, or why there are none. */
  static Encoded encode(Field field, ValueSource source, SubjectFacts facts, NodeFacts node) {
    return switch (source) {
      case ValueSource.Literal(String text) -> Literal.encode(field, text);
      case ValueSource.FieldRef(PodProperty property) ->
          switch (facts) {
            case SubjectFacts.Pod(PodFacts pod) -> encode(field, property, pod);
            case SubjectFacts.Container(PodFacts pod, var _) -> encode(field, property, pod);
            case SubjectFacts.HostCgroup _ ->
                new Encoded.Problem("fieldRef needs a pod: use value");
          };
      case ValueSource.Cel(CelExpression expression) ->
          expression.evaluate(name -> Variable.value(name, facts, node));
    };
  }

  private static Encoded encode(Field field, PodProperty property, PodFacts pod) {
    return property
        .of(pod)
        .map(text -> named(property, Literal.encode(field, text)))
        .orElseGet(
            () -> new Encoded.Problem("the pod has no %s: add it to the pod".formatted(property)));
  }

  private static Encoded named(PodProperty property, Encoded encoded) {
    return encoded instanceof Encoded.Problem problem
        ? new Encoded.Problem("%s: %s".formatted(property, problem.message()))
        : encoded;
  }
}
