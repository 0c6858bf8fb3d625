package io.taskstorage.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The type of a YAML scalar without quotes, as kubectl reads it: {@code yes}, {@code no}, {@code
 * on} and {@code off} are booleans, so that a manifest means the same here and in a cluster. A
 * number with leading zeros is octal to some readers and decimal to others: it stays text, and the
 * field it is meant for refuses it.
 */
final class Scalars {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSES =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]{0,99})");
  private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,64}");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30}([eE][-+]?[0-9]{1,3})?|[eE][-+]?[0-9]{1,3})");

  private Scalars() {}

  static JsonNode plain(String text) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (NULLS.contains(text)) {
      return nodes.nullNode();
    }
    if (TRUES.contains(text)) {
      return nodes.booleanNode(true);
    }
    if (FALSES.contains(text)) {
      return nodes.booleanNode(false);
    }
    if (DECIMAL.matcher(text).matches()) {
      return integer(new BigInteger(text.startsWith("+") ? text.substring(1) : text));
    }
    if (HEX.matcher(text).matches()) {
      return integer(new BigInteger(text.substring(2), 16));
    }
    if (FLOAT.matcher(text).matches()) {
      return nodes.numberNode(new BigDecimal(text));
    }
    return nodes.textNode(text);
  }

  /** The smallest node that holds the number, as Jackson's own parser would make it. */
  private static JsonNode integer(BigInteger number) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (number.bitLength() < Integer.SIZE) {
      return nodes.numberNode(number.intValue());
    }
    return number.bitLength() < Long.SIZE
        ? nodes.numberNode(number.longValue())
        : nodes.numberNode(number);
  }
}
