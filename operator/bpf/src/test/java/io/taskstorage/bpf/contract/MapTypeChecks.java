package io.taskstorage.bpf.contract;

import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** What {@code map-types.rows} says of the BTF that a task storage map is made with. */
final class MapTypeChecks {
  private static final int NO_SUCH_TYPE = 999;

  private MapTypeChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    ids(checks);
    objects(checks);
    keys(checks);
    values(checks);
    return checks;
  }

  private static void ids(Checks checks) {
    id(checks, "no-key-type", 0, 2);
    id(checks, "no-value-type", 1, 0);
    id(checks, "no-types", 0, 0);
    id(checks, "key-type-missing", NO_SUCH_TYPE, 2);
    id(checks, "value-type-missing", 1, NO_SUCH_TYPE);
  }

  private static void id(Checks checks, String name, int key, int value) {
    Types types = Types.value(8, btf -> btf.integer("long", 8, Encoding.SIGNED));
    checks.add(
        name,
        scene ->
            MapCreate.of(scene, types)
                .u32(Uapi.MAP_CREATE_BTF_KEY_TYPE_ID, key)
                .u32(Uapi.MAP_CREATE_BTF_VALUE_TYPE_ID, value)
                .answer());
  }

  private static void objects(Checks checks) {
    object(checks, "btf-fd-minus-one", scene -> -1);
    object(checks, "btf-fd-closed", Scene::closedDescriptor);
    object(checks, "btf-fd-file", scene -> scene.open(Path.of("/dev/null"), 0));
    object(checks, "btf-fd-stdin", scene -> 0);
    object(checks, "btf-fd-map", scene -> scene.map().descriptor());
    object(checks, "btf-fd-kernel", MapTypeChecks::vmlinux);
  }

  private static void object(Checks checks, String name, ToIntFunction<Scene> btf) {
    checks.add(
        name,
        scene ->
            MapCreate.of(scene, Types.bytes(8))
                .u32(Uapi.MAP_CREATE_BTF_FD, btf.applyAsInt(scene))
                .answer());
  }

  /** A descriptor of the kernel's own BTF, which has the first id. */
  private static int vmlinux(Scene scene) {
    Attr attr = Attr.zeroed(scene.arena(), Uapi.GET_FD_BY_ID_SIZE).u32(Uapi.GET_FD_BY_ID_ID, 1);
    return scene.descriptor(Syscall.bpf(Uapi.BPF_BTF_GET_FD_BY_ID, attr.segment()));
  }

  private static void keys(Checks checks) {
    key(checks, "int", btf -> Types.INT);
    key(checks, "unsigned-int", btf -> btf.integer("unsigned int", 4, Encoding.UNSIGNED));
    key(checks, "typedef", btf -> btf.typedef("pidfd_t", Types.INT));
    key(checks, "const", btf -> btf.constant(Types.INT));
    key(checks, "struct", btf -> btf.struct("pidfd", 4, List.of(new Member("fd", Types.INT, 0))));
    key(checks, "enum", btf -> btf.enumeration("pidfd", 4, Map.of("NONE", 0)));
    key(checks, "float", btf -> btf.floating("float", 4));
    key(checks, "long", btf -> btf.integer("long", 8, Encoding.SIGNED));
    key(checks, "int-of-24-bits", btf -> btf.integer("int24", 4, Encoding.SIGNED, 0, 24));
    key(checks, "int-of-8-bits", btf -> btf.integer("int8", 4, Encoding.SIGNED, 0, 8));
  }

  private static void key(Checks checks, String name, Types.Writing writing) {
    checks.add("key." + name, scene -> MapCreate.of(scene, Types.key(writing)).answer());
  }

  private static void values(Checks checks) {
    checks.add("value.struct", scene -> MapCreate.of(scene, Types.bytes(8)).answer());
    value(checks, "long", 8, btf -> btf.integer("long", 8, Encoding.SIGNED));
    value(checks, "int", 4, btf -> Types.INT);
    value(checks, "typedef", 4, btf -> btf.typedef("value_t", Types.INT));
    value(checks, "pointer", 8, btf -> btf.pointer(Types.INT));
    value(checks, "float", 4, btf -> btf.floating("float", 4));
    value(checks, "array", 12, btf -> btf.array(Types.INT, Types.INT, 3));
    value(checks, "forward", 8, btf -> btf.forward("value"));
    value(checks, "smaller-than-value-size", 8, btf -> Types.INT);
    value(checks, "larger-than-value-size", 2, btf -> Types.INT);
  }

  private static void value(Checks checks, String name, int size, Types.Writing writing) {
    checks.add("value." + name, scene -> MapCreate.of(scene, Types.value(size, writing)).answer());
  }
}
