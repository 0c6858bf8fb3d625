package io.taskstorage.layout;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A C program that prints how its compiler laid out structs and what bytes their instances have.
 *
 * <p>It declares the structs in C's own types, not through the header that is tested elsewhere.
 */
final class CProgram {

  private final StringBuilder declarations =
      new StringBuilder(
          """
          #include <stddef.h>
          #include <stdio.h>

          static void show(const char *name, size_t size, size_t alignment,
                           const size_t *offsets, size_t count, const void *instance) {
            printf("%s %zu %zu", name, size, alignment);
            for (size_t i = 0; i < count; i++)
              printf(" %zu", offsets[i]);
            putchar(' ');
            for (size_t i = 0; i < size; i++)
              printf("%02x", ((const unsigned char *)instance)[i]);
            putchar('\\n');
          }
          """);

  private final StringBuilder main = new StringBuilder("\nint main(void) {\n");

  void add(StructLayout layout, List<String> initializers) {
    String struct = "struct " + layout.typeName();
    declarations.append('\n').append(struct).append(" {\n");
    for (PlacedField placed : layout.fields()) {
      declarations.append("  ").append(declaration(placed.field())).append(";\n");
    }
    // Static: the padding of an object with static storage is zero, as it is in a map's value.
    declarations.append("};\nstatic const ").append(struct).append(" i_");
    declarations.append(layout.typeName()).append(" = {\n  ");
    declarations.append(String.join(",\n  ", initializers)).append("\n};\n");
    main.append(showCall(struct, layout));
  }

  String source() {
    return declarations + main.toString() + "  return 0;\n}\n";
  }

  private static String showCall(String struct, StructLayout layout) {
    String offsets =
        layout.fields().stream()
            .map(placed -> "offsetof(" + struct + ", " + placed.name() + ")")
            .collect(Collectors.joining(", "));
    String name = layout.typeName();
    return "  show(\"%s\", sizeof(%s), _Alignof(%s),\n       (size_t[]){%s}, %s, &i_%s);\n"
        .formatted(name, struct, struct, offsets, layout.fields().size(), name);
  }

  private static String declaration(Field field) {
    String type =
        switch (field.type()) {
          case U8, BYTES -> "unsigned char";
          case U16 -> "unsigned short";
          case U32 -> "unsigned int";
          case U64 -> "unsigned long long";
          case S8 -> "signed char";
          case S16 -> "short";
          case S32 -> "int";
          case S64 -> "long long";
          case BOOL -> "_Bool";
          case CHAR -> "char";
        };
    String length = field.length().isPresent() ? "[" + field.length().getAsInt() + "]" : "";
    return type + " " + field.name() + length;
  }
}
