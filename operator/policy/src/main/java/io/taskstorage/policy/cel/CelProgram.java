package io.taskstorage.policy.cel;

import dev.cel.common.CelErrorCode;
import dev.cel.common.CelSource;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A planned expression and its evaluation. */
final class CelProgram {

  private final CelRuntime.Program program;
  private final CelSource source;
  private final CelAnalysis analysis;

  CelProgram(CelRuntime.Program program, CelSource source, CelAnalysis analysis) {
    this.program = program;
    this.source = source;
    this.analysis = analysis;
  }

  Set<String> reads() {
    return Set.copyOf(analysis.reads());
  }

  Encoded evaluate(Field field, Function<String, Object> variables) {
    return evaluate(field, variables, meter());
  }

  /** A meter for one evaluation of this program. */
  CelMeter meter() {
    return new CelMeter(analysis.costly());
  }

  /** The same with a meter of the caller's. */
  Encoded evaluate(Field field, Function<String, Object> variables, CelMeter meter) {
    try {
      Object result =
          program.trace(
              name ->
                  analysis.reads().contains(name)
                      ? Optional.of(meter.read(variables.apply(name)))
                      : Optional.empty(),
              meter);
      return CelResult.encode(field, result);
    } catch (CelEvaluationException e) {
      return new Encoded.Problem(why(e));
    } catch (CelMeter.TooCostly e) {
      return new Encoded.Problem(
          "the expression takes too long for what it is given: make it look at less");
    }
  }

  private String why(CelEvaluationException e) {
    return CelPlace.of(source, e) + why(e.getErrorCode());
  }

  private static String why(CelErrorCode code) {
    return switch (code) {
      case ATTRIBUTE_NOT_FOUND -> "no such key: add it, or write a default with orValue";
      case INDEX_OUT_OF_BOUNDS -> "an index is out of bounds: ask for the size first";
      case DIVIDE_BY_ZERO -> "a division by zero: test the divisor first";
      case NUMERIC_OVERFLOW -> "a number is out of range: use smaller numbers";
      case ITERATION_BUDGET_EXCEEDED ->
          "more than %d iterations: make it look at less".formatted(CelExpression.MAX_ITERATIONS);
      case BAD_FORMAT ->
          "a text cannot be converted, it is no number in range: test it with matches first";
      default -> "a function was given what it does not take: test its operands first";
    };
  }
}
