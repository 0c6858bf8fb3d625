package io.taskstorage.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import io.taskstorage.testkit.FuzzInputs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever stands where an expression may: it is refused in sentences, or evaluates within its
 * bounds to the same bytes or the same reason each time; and no reason holds a value.
 *
 * <p>An input is a letter for the field, and the expression.
 */
class CelFuzzTest {

  private static final List<Field> FIELDS =
      Stream.of("U8", "S64", "U64", "Bool", "Char[16]", "Bytes[4]", "U16[3]")
          .map(CelSamples::field)
          .toList();

  /** Any four of its characters in a message come from the value. */
  private static final String SECRET = "zQ7jXk9w";

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("pod.name", SECRET),
          Map.entry("pod.namespace", SECRET),
          Map.entry("pod.uid", SECRET),
          Map.entry("pod.labels", new TreeMap<>(Map.of("app", SECRET, "n", "3"))),
          Map.entry(
              "pod.annotations",
              new TreeMap<>(Map.of("a", SECRET, "long", "a".repeat(3_000) + SECRET))),
          Map.entry("pod.serviceAccountName", SECRET),
          Map.entry("ns.name", SECRET),
          Map.entry("ns.labels", new TreeMap<>(Map.of("tenant", SECRET))),
          Map.entry("node.name", SECRET),
          Map.entry("node.labels", new TreeMap<>(Map.of("zone", SECRET))),
          Map.entry("container.name", SECRET),
          Map.entry("container.image", SECRET));

  @FuzzTest
  @Timeout(10)
  void expressions(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8).replace('\uFFFD', '\uD800');
    if (text.isEmpty() || holdsSecret(text)) {
      return;
    }
    Field field = FIELDS.get(text.charAt(0) % FIELDS.size());
    switch (CelCompiling.compile(text.substring(1), field, CelSamples.VARIABLES)) {
      case CelCompiling.Bad(List<String> problems) -> {
        assertThat(problems).isNotEmpty().hasSizeLessThanOrEqualTo(8);
        assertThat(problems).allMatch(problem -> problem.matches("[ -~]{1,800}"));
      }
      case CelCompiling.Good(CelProgram program) -> {
        Encoded encoded = evaluate(program, field);
        assertThat(evaluate(program, field)).isEqualTo(encoded);
        switch (encoded) {
          case Encoded.Bytes(byte[] bytes) -> assertThat(bytes).hasSize(field.sizeBytes());
          case Encoded.Problem(String message) -> {
            assertThat(message).matches("[ -~]{1,500}");
            assertThat(holdsSecret(message)).as(message).isFalse();
          }
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(1_000, this::expressions);
  }

  /** Counts beside the meter: each reading is a step, and the steps are bounded. */
  private static Encoded evaluate(CelProgram program, Field field) {
    int[] readings = {0};
    Encoded encoded =
        program.evaluate(
            field,
            name -> {
              readings[0]++;
              return Objects.requireNonNull(VALUES.get(name), name);
            });
    assertThat(readings[0]).isLessThan(20_000);
    return encoded;
  }

  private static boolean holdsSecret(String text) {
    return IntStream.rangeClosed(0, SECRET.length() - 4)
        .anyMatch(at -> text.contains(SECRET.substring(at, at + 4)));
  }
}
