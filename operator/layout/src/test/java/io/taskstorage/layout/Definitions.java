package io.taskstorage.layout;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads definitions for tests: as {@link StructLayout#toText}, but wrong ones too. */
final class Definitions {

  private static final Pattern STRUCT = Pattern.compile("([^{]*)\\{(.*)}");
  private static final Pattern FIELD =
      Pattern.compile("([^:]*):([A-Z]\\w*)(?:\\[(-?\\d+)])?(!Program)?");

  record Definition(String typeName, List<Field> fields) {}

  private Definitions() {}

  static Definition definition(String text) {
    Matcher struct = STRUCT.matcher(text);
    if (!struct.matches()) {
      throw new IllegalArgumentException("no definition: " + text);
    }
    List<Field> fields =
        struct.group(2).isEmpty()
            ? List.of()
            : Stream.of(struct.group(2).split(",")).map(Definitions::field).toList();
    return new Definition(struct.group(1), fields);
  }

  static Field field(String text) {
    Matcher field = FIELD.matcher(text);
    if (!field.matches()) {
      throw new IllegalArgumentException("no field: " + text);
    }
    return new Field(
        field.group(1),
        ScalarType.ofWireName(field.group(2)).orElseThrow(),
        field.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(field.group(3))),
        field.group(4) == null ? Owner.POLICY : Owner.PROGRAM);
  }
}
