package io.taskstorage.policy.cel;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.cel.CelVariable.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Variables of one pod, and fields, for tests of expressions. */
final class CelSamples {

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("pod.name", "web-0"),
          Map.entry("pod.namespace", "shop"),
          Map.entry("pod.uid", "0f3c3f8e-0000-4000-8000-000000000002"),
          Map.entry("pod.labels", sorted(Map.of("app", "web", "tier", "3", "zz", "last"))),
          Map.entry(
              "pod.annotations",
              sorted(
                  Map.of(
                      "pair", "1,2",
                      "big", "9223372036854775808",
                      "secret", "hunter2",
                      "long", "x".repeat(50_000)))),
          Map.entry("pod.serviceAccountName", "web"),
          Map.entry("ns.name", "shop"),
          Map.entry("ns.labels", sorted(Map.of("tenant", "42"))),
          Map.entry("node.name", "n1"),
          Map.entry("node.labels", sorted(Map.of("zone", "a"))),
          Map.entry("container.name", "server"),
          Map.entry("container.image", "i:1"));

  static final List<CelVariable> VARIABLES =
      VALUES.entrySet().stream()
          .map(
              entry ->
                  new CelVariable(
                      entry.getKey(), entry.getValue() instanceof Map ? Kind.TEXTS : Kind.TEXT))
          .sorted((a, b) -> a.name().compareTo(b.name()))
          .toList();

  private CelSamples() {}

  static Object value(String name) {
    return Objects.requireNonNull(VALUES.get(name), name);
  }

  /** A field named {@code f} of a type as {@code U16[3]}. */
  static Field field(String type) {
    return StructLayout.parse("t{f:" + type + "}").fields().getFirst().field();
  }

  static CelCompilation compile(String text, Field field) {
    return CelExpression.compile(text, field, VARIABLES);
  }

  static CelExpression compiled(String text, Field field) {
    return switch (compile(text, field)) {
      case CelCompilation.Compiled(CelExpression expression) -> expression;
      case CelCompilation.Refused(List<String> problems) ->
          throw new AssertionError(text + ": " + problems);
    };
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
