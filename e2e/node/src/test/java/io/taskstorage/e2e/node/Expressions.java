package io.taskstorage.e2e.node;

import io.taskstorage.layout.Field;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Expressions that compile for a field; some of them fail for some subjects. */
final class Expressions {
  private static final List<String> TEXTS =
      List.of("node.name", "node.labels[?'tier'].orValue('none')", "node.labels['team']");
  private static final List<String> POD_TEXTS =
      List.of(
          "pod.name",
          "pod.namespace + '/' + pod.name",
          "ns.labels['team']",
          "pod.labels[?'tier'].orValue(ns.name)",
          "container.name",
          "container.image",
          "pod.annotations['n']",
          "pod.serviceAccountName");

  private Expressions() {}

  static String of(Field field, boolean isHost, SplittableRandom random) {
    String text = text(isHost, random);
    if (field.isIntegerArray()) {
      return IntStream.range(0, field.elementCount())
          .mapToObj(i -> "int(size(" + text + ")) + " + i)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return switch (field.type()) {
      case U8, U16, U32, U64 -> random.nextBoolean() ? "uint(" + text + ")" : "size(" + text + ")";
      case S8, S16, S32, S64 ->
          random.nextBoolean() ? "int(" + text + ")" : "0 - size(" + text + ")";
      case BOOL -> text + ".startsWith('s')";
      case CHAR -> text;
      case BYTES -> "bytes(" + text + ")";
    };
  }

  private static String text(boolean isHost, SplittableRandom random) {
    List<String> from = isHost || random.nextInt(4) == 0 ? TEXTS : POD_TEXTS;
    return from.get(random.nextInt(from.size()));
  }
}
