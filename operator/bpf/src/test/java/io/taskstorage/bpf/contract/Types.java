package io.taskstorage.bpf.contract;

import io.taskstorage.bpf.btf.BtfBlob;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import java.util.List;

/** BTF with the type of a map's key and that of its value. */
record Types(BtfBlob blob, int keyId, int valueId, int valueSize) {

  /** Adds types to a writer that has {@code int} as its first, and says which is the value's. */
  @FunctionalInterface
  interface Writing {
    int write(BtfWriter btf);
  }

  /** The id of {@code int} in every BTF that {@link #value} makes. */
  static final int INT = 1;

  /** Key {@code int}, value as written. */
  static Types value(int valueSize, Writing writing) {
    BtfWriter btf = new BtfWriter();
    int key = btf.integer("int", 4, Encoding.SIGNED);
    int value = writing.write(btf);
    return new Types(btf.toBlob(), key, value, valueSize);
  }

  /** Key as written, value {@code int}. */
  static Types key(Writing writing) {
    BtfWriter btf = new BtfWriter();
    int value = btf.integer("int", 4, Encoding.SIGNED);
    int key = writing.write(btf);
    return new Types(btf.toBlob(), key, value, 4);
  }

  /** A struct of one array of bytes. */
  static Types bytes(int size) {
    return value(
        size,
        btf -> {
          int element = btf.integer("unsigned char", 1, Encoding.UNSIGNED);
          int array = btf.array(element, INT, size);
          return btf.struct("value", size, List.of(new Member("bytes", array, 0)));
        });
  }

  /**
   * A struct of 24 bytes that begins with a struct the kernel knows by name, and ends with a
   * number.
   */
  static Types special(String name, int size) {
    return value(
        24,
        btf -> {
          int word = btf.integer("unsigned int", 4, Encoding.UNSIGNED);
          int opaque = btf.array(word, INT, size / 4);
          int special = btf.struct(name, size, List.of(new Member("opaque", opaque, 0)));
          int number = btf.integer("unsigned long", 8, Encoding.UNSIGNED);
          return btf.struct(
              "value", 24, List.of(new Member("special", special, 0), new Member("n", number, 16)));
        });
  }

  /** A struct of 16 bytes: a pointer with this tag to the written type, and a number. */
  static Types pointer(String tag, Writing target) {
    return value(
        16,
        btf -> {
          int tagged = btf.typeTag(tag, target.write(btf));
          int pointer = btf.pointer(tagged);
          int number = btf.integer("unsigned long", 8, Encoding.UNSIGNED);
          return btf.struct(
              "value", 16, List.of(new Member("pointer", pointer, 0), new Member("n", number, 8)));
        });
  }

  /** A struct of a number of longs. */
  static int struct(BtfWriter btf, String name, int longs) {
    int number = btf.integer("long", 8, Encoding.SIGNED);
    if (longs == 0) {
      return btf.struct(name, 0, List.of());
    }
    int array = btf.array(number, INT, longs);
    return btf.struct(name, 8 * longs, List.of(new Member("numbers", array, 0)));
  }
}
