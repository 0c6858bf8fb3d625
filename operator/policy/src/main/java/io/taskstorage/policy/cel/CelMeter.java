package io.taskstorage.policy.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one evaluation costs, and ends it when that is too much.
 *
 * <p>One unit is about ten nanoseconds of a warm machine, so that all of them take some
 * milliseconds there, and no more than tens of milliseconds on one that has never run such an
 * expression. Each node of the expression costs a step and the size of its result. So the work of a
 * call is paid by its operands where it is no more than their sizes; for the calls where it may be
 * more, and for those that may fail, it is paid before the call is made.
 *
 * <p>Used once, by one thread.
 */
final class CelMeter implements CelEvaluationListener {

  /** What one evaluation may cost. */
  static final long MAX_UNITS = 500_000;

  /** The longest text, array of bytes or list that may come up on the way. */
  static final int MAX_SIZE = 65_536;

  private static final int STEP = 50;
  private static final int ENTRY = 10;
  private static final int CHARACTERS = 8;
  private static final int ELEMENT = 4;
  private static final int FAILURE = 800;

  private final Map<Long, CelAnalysis.Costly> costly;
  private final Set<Long> operands;
  private final Map<Long, Object> seen = new HashMap<>();
  private long units;

  CelMeter(Map<Long, CelAnalysis.Costly> costly) {
    this.costly = costly;
    this.operands =
        costly.values().stream()
            .flatMap(call -> call.operands().stream())
            .collect(Collectors.toSet());
  }

  /** What was spent. */
  long units() {
    return units;
  }

  /** A variable is read. */
  Object read(Object value) {
    spend(STEP);
    if (value instanceof Map<?, ?> map) {
      spend((long) ENTRY * map.size());
    }
    return value;
  }

  @Override
  public void callback(CelExpr expr, @Nullable Object result) {
    long size = size(result);
    if (size > MAX_SIZE) {
      throw new TooCostly();
    }
    // The library goes over a list more than once whenever it is passed on.
    spend(STEP + (result instanceof Collection<?> ? size * ELEMENT : size / CHARACTERS));
    if (result != null && operands.contains(expr.id())) {
      seen.put(expr.id(), result);
      CelAnalysis.Costly call = costly.get(expr.id());
      if (call != null) {
        spend(cost(call));
      }
    }
  }

  private void spend(long cost) {
    units += cost;
    if (units > MAX_UNITS) {
      throw new TooCostly();
    }
  }

  private long cost(CelAnalysis.Costly call) {
    long text = size(operand(call, 0));
    long word = size(operand(call, 1));
    return switch (call.function()) {
      case "matches" -> (text + 100) * (call.programSize() + 1);
      // The text may be replaced, or end, between any two of its characters.
      case "replace" -> (text + 1) * (word + 1 + size(operand(call, 2))) / CHARACTERS;
      case "join" -> (text * (word + 1) + elements(operand(call, 0))) / CHARACTERS;
      case "contains", "indexOf", "lastIndexOf" -> (text + 1) * (word + 1) / CHARACTERS;
      case "split" -> (text + 1) * (word + 1) / CHARACTERS + text * ELEMENT;
      case "@in" ->
          operand(call, 1) instanceof Collection<?>
              ? (text + CHARACTERS) * word / CHARACTERS
              : STEP;
      case "_==_", "_!=_" -> elements(operand(call, 0)) + elements(operand(call, 1));
      default -> FAILURE;
    };
  }

  private @Nullable Object operand(CelAnalysis.Costly call, int index) {
    return index < call.operands().size() ? seen.get(call.operands().get(index)) : null;
  }

  /** What all elements of a list hold together. */
  private static long elements(@Nullable Object list) {
    return list instanceof Collection<?> collection
        ? collection.stream().mapToLong(element -> 1 + size(element)).sum()
        : 0;
  }

  /** Characters of a text, bytes, or elements. */
  private static long size(@Nullable Object value) {
    return switch (value) {
      case CharSequence text -> text.length();
      case CelByteString bytes -> bytes.size();
      case Collection<?> list -> list.size();
      case Optional<?> optional -> optional.map(CelMeter::size).orElse(0L);
      case Map<?, ?> map -> map.size();
      case null, default -> 0;
    };
  }

  /**
   * Ends an evaluation. An error and no exception: the language swallows exceptions on one side of
   * {@code ||} and {@code &&} and would go on, and building one takes longer than a step.
   */
  static final class TooCostly extends Error {
    private static final long serialVersionUID = 1;

    TooCostly() {
      super("too costly", null, false, false);
    }
  }
}
