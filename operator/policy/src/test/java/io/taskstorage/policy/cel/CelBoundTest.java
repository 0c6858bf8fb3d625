package io.taskstorage.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The most that an expression of whoever may write one can cost a node: the dearest that are
 * admitted, over the largest pod, end where the meter says.
 *
 * <p>How long a unit takes is for a benchmark to say. Here is counted: a call whose work is more
 * than what it is given has its price before it is made, and no loop goes on for free.
 */
class CelBoundTest {

  /** How an evaluation ends. */
  enum End {
    /** All of its units were spent. */
    SPENT,
    /** A text or list would have been longer than any may be. */
    TOO_LARGE,
    /** With a result. */
    DONE
  }

  /** A pod as large as an API server stores one, with texts that make searching slow. */
  private static final Map<String, Object> HOSTILE =
      Map.of(
          "pod.labels",
          sorted(
              IntStream.range(0, 2000)
                  .boxed()
                  .collect(Collectors.toMap(i -> "key-" + i, i -> "v".repeat(63)))),
          "pod.annotations",
          sorted(
              Map.of(
                  "long",
                  "a".repeat(60_000),
                  "half",
                  "a".repeat(30_000) + "b",
                  "page",
                  "a".repeat(4_000),
                  "line",
                  "a".repeat(200) + "b")),
          "pod.name",
          "p".repeat(253));

  static Stream<Arguments> expressions() {
    String thousand = list(1000);
    String thirty = list(31);
    return Stream.of(
        c("steps", thousand + ".all(x, " + joined("x == pod.name", 20, " || ") + " || true)"),
        c("errors in loops", thousand + ".all(x, " + joined("1 / 0 == size(x)", 20, " || ") + ")"),
        c(
            "missing keys in loops",
            thousand + ".all(x, " + joined("pod.labels.z == 'a'", 12, " || ") + ")"),
        c("large maps in loops", thousand + ".all(x, pod.labels['key-7'] != x + 'b')"),
        c("all keys", "pod.labels.all(k, pod.labels[k] != 'x')"),
        c(
            "nested loops",
            thirty + ".all(a, " + thirty + ".all(b, " + thirty + ".all(c, a + b + c >= 0)))"),
        c("doubling texts", doubling("['aaaaaaaa']", 40) + ".size() == 1", End.TOO_LARGE, 0),
        c("joining lists", joinedLists(14) + ".size() == 1"),
        c("long texts", joined("pod.annotations['long']", 40, " + ") + " == ''", End.TOO_LARGE, 0),
        c(
            "searching",
            "pod.annotations['long'].contains(pod.annotations['half'])",
            End.SPENT,
            everywhere(60_000, 30_001)),
        c(
            "searching in loops",
            thousand + ".all(x, !pod.annotations['page'].contains(pod.annotations['line']))"),
        c(
            "searching backwards",
            thousand
                + ".all(x, pod.annotations['page'].lastIndexOf('b' + pod.annotations['line']) < 0)"),
        c(
            "splitting",
            "pod.annotations['long'].split('').size() == 0",
            End.DONE,
            CelMeter.MAX_UNITS / 2),
        c(
            "splitting in loops",
            thousand + ".all(x, pod.annotations['page'].split('a').size() > 0)"),
        c(
            "replacing",
            "pod.annotations['page'].replace('a', pod.annotations['page']) == ''",
            End.SPENT,
            everywhere(4_000, 4_000)),
        c(
            "replacing a few",
            "pod.annotations['long'].replace('a', pod.annotations['long'], 50) == ''",
            End.SPENT,
            everywhere(50, 60_000)),
        c(
            "joining",
            "pod.annotations['page'].split('').join(pod.annotations['page']) == ''",
            End.SPENT,
            everywhere(4_000, 4_000)),
        c(
            "matching",
            "pod.annotations['long'].matches('(a|aa|aaa|aaaa)*[b-z]$')",
            End.SPENT,
            60_000 * 10),
        c(
            "matching in loops",
            thousand + ".all(x, pod.annotations['line'].matches('^(a?){20}(a){20}$') == false)"),
        c(
            "compiling patterns in loops",
            thousand + ".all(x, 'a'.matches('" + "[a-z]?".repeat(100) + "'))"),
        c(
            "comparing",
            thousand + ".all(x, pod.annotations['long'] + 'a' != pod.annotations['long'] + 'b')"),
        c(
            "finding in lists",
            "pod.labels.map(k, pod.annotations['page']).exists(x, x == pod.name)"),
        c(
            "members of lists",
            "pod.annotations['page'].split('').all(x, x in pod.annotations['page'].split(''))"),
        c(
            "comparing lists",
            "pod.annotations['page'].split('') == pod.annotations['page'].split('')",
            End.DONE,
            // Splitting twice, holding two lists, looking at all of their elements.
            2 * 4_000 * 4 + 2 * 4_000 * 4 + 2 * 4_000 * 2),
        c(
            "finding in a list",
            "'v' in pod.annotations['page'].split('')",
            End.DONE,
            4_000 * 4 + 4_000 * 4 + everywhere(4_000, 9)),
        c("errors", joined("1 / 0 == 1", 20, " || ") + " || true", End.DONE, 20 * 800),
        c("reading a map", "pod.labels.size() == 0", End.DONE, 2_000 * 10),
        c("numbers", thousand + ".all(x, int(string(size(x)) + '9') >= 0)"),
        c("bytes", thousand + ".all(x, bytes(pod.annotations['page']) != b'')"),
        c("reversing", thousand + ".all(x, pod.annotations['page'].reverse() != '')"),
        c("quoting", thousand + ".all(x, strings.quote(pod.annotations['page']) != '')"),
        c("building a list", thousand + ".map(x, size(x)).size() == 1000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void dearestEndsWhereTheMeterSays(String name, String text, End end, long least) {
    // Given
    Field field = CelSamples.field("Bool");
    CelProgram program =
        CelCompiling.compile(text, field, CelSamples.VARIABLES)
                instanceof CelCompiling.Good(CelProgram compiled)
            ? compiled
            : fail(name);
    CelMeter meter = program.meter();
    // When
    Encoded encoded =
        program.evaluate(field, variable -> HOSTILE.getOrDefault(variable, ""), meter);
    // Then
    if (end == End.DONE) {
      assertThat(encoded).isInstanceOf(Encoded.Bytes.class);
    } else {
      assertThat(encoded)
          .isEqualTo(
              new Encoded.Problem(
                  "the expression takes too long for what it is given: make it look at less"));
    }
    assertThat(meter.units() > CelMeter.MAX_UNITS).isEqualTo(end == End.SPENT);
    assertThat(meter.units()).isGreaterThanOrEqualTo(least);
  }

  /** Ends for its many steps, or for a price that each turn of a loop pays again. */
  private static Arguments c(String name, String text) {
    return c(name, text, End.SPENT, 0);
  }

  /** The least that must be counted, by the work of the naive way to do it. */
  private static Arguments c(String name, String text, End end, long least) {
    return Arguments.of(name, text, end, least);
  }

  /** Comparing, at every place of a text, a word with what stands there; eight at a time. */
  private static long everywhere(long text, long word) {
    return text * word / 8;
  }

  private static String list(int size) {
    // 1000 elements do not fit into the text: one is split instead.
    return size == 1000
        ? "'" + "a".repeat(999) + "'.split('')"
        : IntStream.range(0, size)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(",", "[", "]"));
  }

  private static String joined(String part, int times, String by) {
    return String.join(by, Collections.nCopies(times, part));
  }

  private static String doubling(String list, int times) {
    return list + ".map(x, x + x)".repeat(times);
  }

  /** Lists grow by concatenation alone, as no list holds lists. */
  private static String joinedLists(int times) {
    return "(" + joined("pod.labels.map(k, k)", times, " + ") + ")";
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
