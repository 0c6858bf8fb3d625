package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Compares JSON with a shape and collects every difference, in the document's order. */
final class StrictReader {

  /** Whatever can be shown on one line and is no longer than a label's key. */
  private static final Pattern NAME = Pattern.compile("[!-~]([ -~]{0,315}[!-~])?");

  private final List<ManifestProblem> problems = new ArrayList<>();

  List<ManifestProblem> problems() {
    return List.copyOf(problems);
  }

  void add(String path, String message) {
    problems.add(new ManifestProblem(path, message));
  }

  /** Compares a value; null stands for an absent property and has no shape. */
  void read(JsonNode node, Shape shape, String path) {
    switch (shape) {
      case Shape.Text _ -> readText(node, path);
      case Shape.Whole _ -> readWhole(node, path);
      case Shape.WholeOrText _ -> readWholeOrText(node, path);
      case Shape.Listed(Shape element) -> readList(node, element, path);
      case Shape.Named(Shape value) -> readNamed(node, value, path);
      case Shape.Properties(Map<String, Shape> byName) -> readProperties(node, byName, path);
      case Shape.Anything _ -> {}
    }
  }

  private void readText(JsonNode node, String path) {
    if (!node.isTextual()) {
      boolean quotable = node.isNumber() || node.isBoolean();
      wrong(path, "a string", node, quotable ? "put it in quotes" : "write one string");
    }
  }

  private void readWhole(JsonNode node, String path) {
    if (node.isTextual()) {
      wrong(path, "a number", node, "remove the quotes, write digits only");
    } else if (!node.isNumber()) {
      wrong(path, "a number", node, "write one number");
    } else if (!node.isIntegralNumber() && !isWhole(node.doubleValue())) {
      add(path, "must be a whole number: write it without a fraction");
    } else if (!node.canConvertToInt()) {
      add(path, "does not fit 32 bits: write a number nearer to zero");
    }
  }

  /** True for 4.0, which the API server takes for 4 too. */
  private static boolean isWhole(double number) {
    return Double.isFinite(number) && number == Math.rint(number);
  }

  private void readWholeOrText(JsonNode node, String path) {
    if (node.isNumber()) {
      readWhole(node, path);
    } else if (!node.isTextual()) {
      wrong(path, "a number or a string", node, "write one of the two");
    }
  }

  private void readList(JsonNode node, Shape element, String path) {
    if (!node.isArray()) {
      wrong(path, "a list", node, "put each element on its own line after a -");
      return;
    }
    for (int i = 0; i < node.size(); i++) {
      String at = "%s[%d]".formatted(path, i);
      if (node.get(i).isNull()) {
        add(at, "null is no element of a list: remove it or give it a value");
      } else {
        read(node.get(i), element, at);
      }
    }
  }

  private void readNamed(JsonNode node, Shape value, String path) {
    if (!node.isObject()) {
      wrong(path, "an object", node, "write pairs of name and value");
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      read(entry.getValue(), value, "%s[%s]".formatted(path, segment(entry.getKey())));
    }
  }

  private void readProperties(JsonNode node, Map<String, Shape> byName, String path) {
    if (!node.isObject()) {
      wrong(
          path,
          "an object",
          node,
          "write its fields, such as " + byName.keySet().iterator().next());
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = segment(entry.getKey());
      String at = path.isEmpty() ? name : path + "." + name;
      Shape shape = byName.get(entry.getKey());
      if (shape == null) {
        add(at, "unknown field: " + Spelling.mend(entry.getKey(), byName.keySet()));
      } else if (!entry.getValue().isNull()) {
        read(entry.getValue(), shape, at);
      }
    }
  }

  private void wrong(String path, String wanted, JsonNode found, String mend) {
    add(path, "must be %s, not %s: %s".formatted(wanted, nameOf(found), mend));
  }

  /** A name in a path: as it stands if it can be a key of a label, else only what it is. */
  private static String segment(String name) {
    return NAME.matcher(name).matches()
        ? name
        : "(a name of %d characters)".formatted(name.length());
  }

  /** What people call this kind of JSON value. */
  static String nameOf(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING, BINARY -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case NULL, MISSING -> "null";
    };
  }
}
