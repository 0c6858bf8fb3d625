package io.taskstorage.policy.cel;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * An expression that was compiled for one field.
 *
 * <p>Immutable and safe to share between threads. Two are equal if they have the same text for a
 * field of the same type over the same variables.
 */
public final class CelExpression {

  /** The longest source text, in characters. */
  public static final int MAX_CHARACTERS = 2048;

  /** How many iterations all macros of one evaluation may make together. */
  public static final int MAX_ITERATIONS = 1000;

  /** More expressions than one node's policies have; what is dropped is compiled again. */
  private static final int MAX_KEPT = 2048;

  // Compiling takes some milliseconds, and every judgement of the same objects asks for it again.
  private static final Map<Key, CelCompilation> KEPT =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, CelCompilation> eldest) {
              return size() > MAX_KEPT;
            }
          });

  /** All that a compilation depends on. */
  private record Key(String text, String type, OptionalInt length, List<CelVariable> variables) {}

  private final Key key;
  private final Field field;
  private final CelProgram program;

  private CelExpression(Key key, Field field, CelProgram program) {
    this.key = key;
    this.field = field;
    this.program = program;
  }

  /**
   * Compiles an expression, or gives what came of the same one before.
   *
   * @param text the source
   * @param field what the result is for
   * @param variables the names that the expression may read
   */
  public static CelCompilation compile(String text, Field field, List<CelVariable> variables) {
    Key key = new Key(text, field.type().wireName(), field.length(), List.copyOf(variables));
    CelCompilation kept = KEPT.get(key);
    if (kept == null) {
      kept =
          switch (CelCompiling.compile(text, field, key.variables())) {
            case CelCompiling.Good(CelProgram program) ->
                new CelCompilation.Compiled(new CelExpression(key, field, program));
            case CelCompiling.Bad(List<String> problems) -> new CelCompilation.Refused(problems);
          };
      KEPT.put(key, kept);
    }
    return kept;
  }

  /** The source text. */
  public String text() {
    return key.text();
  }

  /** The names of the variables that it reads. */
  public Set<String> reads() {
    return program.reads();
  }

  /**
   * The bytes of the field, or why there are none.
   *
   * @param variables gives every variable's value, as {@link CelVariable.Kind} has it; maps iterate
   *     in an order that depends on their keys alone
   */
  public Encoded evaluate(Function<String, Object> variables) {
    return program.evaluate(field, variables);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CelExpression that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /** The length only: the text may hold a value, which may be nobody else's business. */
  @Override
  public String toString() {
    return "CelExpression[%d characters]".formatted(key.text().length());
  }
}
