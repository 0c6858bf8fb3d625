package io.taskstorage.layout;

/** Writes the C header of a layout. */
final class CHeader {

  private CHeader() {}

  static String of(StructLayout layout) {
    String struct = "struct " + layout.typeName();
    // The name as it is: types that differ in case only must not share a guard.
    String guard = "TASKSTORAGE_" + layout.typeName() + "_H";
    StringBuilder text = new StringBuilder();
    text.append(
        """
        /*
         * %s: the value of a task storage map. Generated from its declared layout.
         * %s
         */
        #ifndef %s
        #define %s

        #ifndef __VMLINUX_H__ /* vmlinux.h has the same types: a BPF program includes it first. */
        #include <linux/types.h>
        #endif

        %s {
        """
            .formatted(struct, layout.digest(), guard, guard, struct));
    layout.fields().forEach(field -> text.append('\t').append(member(field)).append('\n'));
    text.append("};\n\n");
    text.append(assertion("sizeof(" + struct + ")", layout.sizeBytes(), "size of " + struct));
    text.append(
        assertion("_Alignof(" + struct + ")", layout.alignmentBytes(), "alignment of " + struct));
    for (PlacedField field : layout.fields()) {
      String offset = "__builtin_offsetof(" + struct + ", " + field.name() + ")";
      text.append(assertion(offset, field.offsetBytes(), "offset of " + field.name()));
    }
    return text.append("\n#endif /* ").append(guard).append(" */\n").toString();
  }

  private static String member(PlacedField placed) {
    Field field = placed.field();
    String length = field.length().isPresent() ? "[" + field.length().getAsInt() + "]" : "";
    String owner = field.isPolicyOwned() ? "" : " /* written by BPF programs only */";
    return field.type().cName() + " " + field.name() + length + ";" + owner;
  }

  private static String assertion(String expression, int expected, String what) {
    return "_Static_assert(%s == %s, \"%s\");\n".formatted(expression, expected, what);
  }
}
