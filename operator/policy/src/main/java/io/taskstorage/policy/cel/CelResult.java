package io.taskstorage.policy.cel;

import dev.cel.common.values.CelByteString;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Literal;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** The way from the result of an expression to the bytes of a field: through its literal. */
final class CelResult {

  private CelResult() {}

  /** The bytes, or why the result does not fit; the reason holds nothing of the result. */
  static Encoded encode(Field field, Object result) {
    return switch (Literal.encode(field, literal(result))) {
      case Encoded.Bytes bytes -> bytes;
      case Encoded.Problem problem ->
          new Encoded.Problem("the result does not fit: " + problem.message());
    };
  }

  private static String literal(Object result) {
    return switch (result) {
      case CelByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
      case List<?> list ->
          list.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
      // Booleans, numbers of either sign and texts say what the literal says.
      default -> String.valueOf(result);
    };
  }
}
