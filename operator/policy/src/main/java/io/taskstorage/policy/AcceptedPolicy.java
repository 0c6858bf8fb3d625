package io.taskstorage.policy;

import io.taskstorage.policy.cel.CelExpression;
import java.util.List;

/**
 * A policy that is in force.
 *
 * @param key the object
 * @param tier the layer in which it decides
 * @param priority 0 to 1000 within the tier, lower first
 * @param map name of its map, which is accepted
 * @param subject whose tasks carry the values
 * @param values each field once, in the order of the spec
 * @param generation the object's generation; 0 where nobody counts
 */
public record AcceptedPolicy(
    PolicyKey key,
    Tier tier,
    int priority,
    String map,
    Subject subject,
    List<FieldValue> values,
    long generation) {

  /** Copies the list. */
  public AcceptedPolicy {
    values = List.copyOf(values);
  }

  /** True if some value depends on which subject it is for. */
  public boolean isComputed() {
    return values.stream().anyMatch(value -> !(value.source() instanceof ValueSource.Literal));
  }

  /** True if some value may differ between a pod and its containers. */
  public boolean readsContainer() {
    return values.stream()
        .anyMatch(
            value ->
                value.source() instanceof ValueSource.Cel(CelExpression expression)
                    && expression.reads().stream().anyMatch(Variable::isOfContainer));
  }
}
