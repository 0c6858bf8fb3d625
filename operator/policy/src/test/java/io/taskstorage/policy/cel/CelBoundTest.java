package io.taskstorage.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Field;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The most that an expression of whoever may write one can cost a node. */
class CelBoundTest {

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
        c("doubling texts", doubling("['aaaaaaaa']", 40) + ".size() == 1"),
        c("joining lists", joinedLists(14) + ".size() == 1"),
        c("long texts", joined("pod.annotations['long']", 40, " + ") + " == ''"),
        c("searching", "pod.annotations['long'].contains(pod.annotations['half'])"),
        c(
            "searching in loops",
            thousand + ".all(x, pod.annotations['page'].contains(pod.annotations['line']))"),
        c(
            "searching backwards",
            thousand
                + ".all(x, pod.annotations['page'].lastIndexOf('b' + pod.annotations['line']) < 0)"),
        c("splitting", "pod.annotations['long'].split('').size() == 0"),
        c(
            "splitting in loops",
            thousand + ".all(x, pod.annotations['page'].split('a').size() > 0)"),
        c("replacing", "pod.annotations['page'].replace('a', pod.annotations['page']) == ''"),
        c(
            "replacing a few",
            "pod.annotations['long'].replace('a', pod.annotations['long'], 50) == ''"),
        c("joining", "pod.labels.map(k, k).join(pod.annotations['page']) == ''"),
        c("matching", "pod.annotations['long'].matches('(a|aa|aaa|aaaa)*[b-z]$')"),
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
        c("numbers", thousand + ".all(x, int(string(size(x)) + '9') >= 0)"),
        c("bytes", thousand + ".all(x, bytes(pod.annotations['page']) != b'')"),
        c("reversing", thousand + ".all(x, pod.annotations['page'].reverse() != '')"),
        c("quoting", thousand + ".all(x, strings.quote(pod.annotations['page']) != '')"),
        c("building a list", thousand + ".map(x, size(x)).size() == 1000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void nothingEvaluatesForLong(String name, String text) {
    // Given
    Field field = CelSamples.field("Bool");
    CelExpression expression = CelSamples.compiled(text, field);
    // When
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long start = cpu();
      Encoded encoded = expression.evaluate(variable -> HOSTILE.getOrDefault(variable, ""));
      best = Math.min(best, cpu() - start);
      assertThat(encoded).isNotNull();
    }
    // Then
    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(50));
  }

  /** Of this thread alone, in nanoseconds: what else the machine does is no matter. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Arguments c(String name, String text) {
    return Arguments.of(name, text);
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
