package io.taskstorage.taskstore;

import io.taskstorage.bpf.btf.BtfBlob;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The BTF of a map: key {@code int}, value the user's struct with the user's names, spelled as a
 * compiler spells them, so that bpftool and other readers show fields.
 *
 * <p>The bytes are a function of the layout alone: adoption compares them.
 *
 * @param keyTypeId the kernel wants a 32-bit integer (bpf_local_storage_map_check_btf)
 */
record LayoutBtf(BtfBlob blob, int keyTypeId, int valueTypeId) {

  static LayoutBtf of(StructLayout layout) {
    BtfWriter writer = new BtfWriter();
    int key = writer.integer("int", 4, Encoding.SIGNED);
    Types types = new Types(writer, key);
    List<Member> members = new ArrayList<>();
    for (PlacedField placed : layout.fields()) {
      members.add(new Member(placed.name(), types.of(placed.field()), placed.offsetBytes()));
    }
    int value = writer.struct(layout.typeName(), layout.sizeBytes(), members);
    return new LayoutBtf(writer.toBlob(), key, value);
  }

  /** Each scalar is written once. */
  private static final class Types {
    private final BtfWriter writer;
    private final int index;
    private final Map<ScalarType, Integer> scalars = new EnumMap<>(ScalarType.class);

    Types(BtfWriter writer, int index) {
      this.writer = writer;
      this.index = index;
    }

    int of(Field field) {
      // Bytes are an array of __u8 in C too.
      ScalarType element = field.type() == ScalarType.BYTES ? ScalarType.U8 : field.type();
      Integer id = scalars.get(element);
      if (id == null) {
        id = scalar(element);
        scalars.put(element, id);
      }
      return field.length().isPresent() ? writer.array(id, index, field.length().getAsInt()) : id;
    }

    private int scalar(ScalarType type) {
      return switch (type) {
        case BOOL -> writer.integer(type.cName(), 1, Encoding.BOOL);
        // As clang has it for x86_64; bpftool knows text by the name.
        case CHAR -> writer.integer(type.cName(), 1, Encoding.SIGNED);
        case S32 -> writer.typedef(type.cName(), index);
        case U8, U16, U32, U64, S8, S16, S64, BYTES ->
            writer.typedef(
                type.cName(),
                writer.integer(
                    baseName(type),
                    type.sizeBytes(),
                    type.isSigned() ? Encoding.SIGNED : Encoding.UNSIGNED));
      };
    }

    private static String baseName(ScalarType type) {
      return switch (type) {
        case U8, BYTES -> "unsigned char";
        case U16 -> "unsigned short";
        case U32 -> "unsigned int";
        case U64 -> "unsigned long long";
        case S8 -> "signed char";
        case S16 -> "short";
        case S32 -> "int";
        case S64 -> "long long";
        case BOOL, CHAR -> type.cName();
      };
    }
  }
}
