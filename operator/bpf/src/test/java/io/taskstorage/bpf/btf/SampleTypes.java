package io.taskstorage.bpf.btf;

import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One type of every kind that the writer has. */
record SampleTypes(BtfBlob blob, Map<String, Integer> ids) {
  static SampleTypes of() {
    BtfWriter btf = new BtfWriter();
    Map<String, Integer> ids = new LinkedHashMap<>();
    ids.put("int", btf.integer("int", 4, Encoding.SIGNED));
    ids.put("char", btf.integer("char", 1, Encoding.CHAR));
    ids.put("bool", btf.integer("_Bool", 1, Encoding.BOOL));
    ids.put("u64", btf.integer("unsigned long long", 8, Encoding.UNSIGNED));
    ids.put("double", btf.floating("double", 8));
    ids.put("typedef", btf.typedef("__u64", id(ids, "u64")));
    ids.put("const", btf.constant(id(ids, "typedef")));
    ids.put("array", btf.array(id(ids, "char"), id(ids, "int"), 24));
    ids.put("tag", btf.typeTag("note", id(ids, "int")));
    ids.put("pointer", btf.pointer(id(ids, "tag")));
    ids.put("forward", btf.forward("elsewhere"));
    ids.put("enum", btf.enumeration("color", 4, new LinkedHashMap<>(Map.of("RED", 3))));
    ids.put(
        "inner",
        btf.struct("", 8, List.of(new Member("a", id(ids, "int"), 0), new Member("b", 1, 4))));
    ids.put(
        "struct",
        btf.struct(
            "sample",
            48,
            List.of(
                new Member("id", id(ids, "const"), 0),
                new Member("", id(ids, "inner"), 8),
                new Member("name", id(ids, "array"), 16),
                new Member("next", id(ids, "pointer"), 40))));
    return new SampleTypes(btf.toBlob(), ids);
  }

  private static int id(Map<String, Integer> ids, String name) {
    return Objects.requireNonNull(ids.get(name), name);
  }

  int id(String name) {
    return Objects.requireNonNull(ids.get(name), name);
  }

  BtfReader reader() {
    return BtfReader.of("sample", blob);
  }
}
