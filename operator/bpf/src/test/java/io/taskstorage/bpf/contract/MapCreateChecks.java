package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.btf.BtfBlob;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.BtfType;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.bpf.sys.Uapi;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What {@code map-create.rows} says of the attributes of BPF_MAP_CREATE, types aside. */
final class MapCreateChecks {
  private static final int BPF_F_NUMA_NODE = 1 << 2;
  private static final int BPF_F_TOKEN_FD = 1 << 16;
  private static final int JUNK = 12345;
  private static final int LARGEST_VALUE = 65407;
  private static final int BEYOND_A_PAGE = 4096 + 8;

  /** Flags that the kernel knows, and one that it does not, beside BPF_F_NO_PREALLOC. */
  private static final Map<String, Integer> REFUSED_FLAGS =
      Map.ofEntries(
          Map.entry("numa-node", BPF_F_NUMA_NODE),
          Map.entry("rdonly", Uapi.BPF_F_RDONLY),
          Map.entry("wronly", Uapi.BPF_F_WRONLY),
          Map.entry("rdonly-wronly", Uapi.BPF_F_RDONLY | Uapi.BPF_F_WRONLY),
          Map.entry("zero-seed", 1 << 6),
          Map.entry("rdonly-prog", 1 << 7),
          Map.entry("wronly-prog", 1 << 8),
          Map.entry("mmapable", 1 << 10),
          Map.entry("preserve-elems", 1 << 11),
          Map.entry("inner-map", 1 << 12),
          Map.entry("32nd-bit", 1 << 31));

  private MapCreateChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    sizes(checks);
    flags(checks);
    otherFields(checks);
    names(checks);
    attributes(checks);
    rights(checks);
    return checks;
  }

  private static void with(Checks checks, String name, UnaryOperator<MapCreate> change) {
    checks.add(name, scene -> change.apply(MapCreate.of(scene, Types.bytes(8))).answer());
  }

  private static void sizes(Checks checks) {
    with(checks, "valid", create -> create);
    for (int size : new int[] {0, 3, 8}) {
      with(checks, "key-size-" + size, create -> create.u32(Uapi.MAP_CREATE_KEY_SIZE, size));
    }
    with(checks, "value-size-0", create -> create.u32(Uapi.MAP_CREATE_VALUE_SIZE, 0));
    with(checks, "max-entries-1", create -> create.u32(Uapi.MAP_CREATE_MAX_ENTRIES, 1));
    for (int size : new int[] {1, 3, 7, 9, 8120}) {
      checks.add("value-size-" + size, scene -> roundTrip(scene, size));
    }
    for (int size : new int[] {8121, LARGEST_VALUE}) {
      checks.add("update.value-size-" + size, scene -> roundTrip(scene, size));
    }
    for (int size : new int[] {LARGEST_VALUE, LARGEST_VALUE + 1}) {
      checks.add("value-size-" + size, scene -> MapCreate.of(scene, Types.bytes(size)).answer());
    }
  }

  /** A value of every byte that a size has comes back, and nothing beyond is written. */
  private static Answer roundTrip(Scene scene, int size) {
    RawMap map = MapCreate.of(scene, Types.bytes(size)).map();
    int task = scene.pidfd(scene.tasks().process());
    byte[] value = map.filled(0xa5);
    Answer answer = Answer.of(map.update(task, value, Uapi.BPF_NOEXIST));
    if (answer.isOk()) {
      map.assertHolds(task, value);
    }
    return answer;
  }

  private static void flags(Checks checks) {
    with(checks, "flags-none", create -> create.u32(Uapi.MAP_CREATE_MAP_FLAGS, 0));
    checks.add("flags-clone", MapCreateChecks::cloned);
    REFUSED_FLAGS.forEach(
        (name, flag) ->
            with(
                checks,
                "flags-" + name,
                create -> create.u32(Uapi.MAP_CREATE_MAP_FLAGS, Uapi.BPF_F_NO_PREALLOC | flag)));
    checks.add("token-flag-fd-minus-one", scene -> token(scene, -1));
    checks.add("token-flag-no-token", scene -> token(scene, scene.open(Path.of("/dev/null"), 0)));
  }

  /** Accepted, and without effect on tasks: a child has nothing of its parent's. */
  private static Answer cloned(Scene scene) {
    MapCreate create = MapCreate.of(scene, Types.bytes(8));
    RawMap map =
        create.u32(Uapi.MAP_CREATE_MAP_FLAGS, Uapi.BPF_F_NO_PREALLOC | Uapi.BPF_F_CLONE).map();
    Task parent = scene.tasks().process();
    map.put(scene.pidfd(parent), map.filled(1));
    map.assertNoEntry(scene.pidfd(parent.fork()));
    return Answer.OK;
  }

  private static Answer token(Scene scene, int descriptor) {
    return MapCreate.of(scene, Types.bytes(8))
        .u32(Uapi.MAP_CREATE_MAP_FLAGS, Uapi.BPF_F_NO_PREALLOC | BPF_F_TOKEN_FD)
        .u32(MapCreate.MAP_TOKEN_FD, descriptor)
        .size(MapCreate.MAP_TOKEN_FD + Integer.BYTES)
        .answer();
  }

  private static void otherFields(Checks checks) {
    field(checks, "vmlinux-value-type-id", MapCreate.BTF_VMLINUX_VALUE_TYPE_ID);
    field(checks, "map-extra", MapCreate.MAP_EXTRA);
    field(checks, "map-ifindex", MapCreate.MAP_IFINDEX);
    field(checks, "excl-prog-hash-size-alone", MapCreate.EXCL_PROG_HASH_SIZE);
    field(checks, "inner-map-fd-junk", MapCreate.INNER_MAP_FD);
    field(checks, "numa-node-junk", MapCreate.NUMA_NODE);
    field(checks, "map-token-fd-junk", MapCreate.MAP_TOKEN_FD);
    field(checks, "value-type-btf-obj-fd-junk", MapCreate.VALUE_TYPE_BTF_OBJ_FD);
  }

  private static void field(Checks checks, String name, int offset) {
    int size = Math.max(Uapi.MAP_CREATE_SIZE, offset + Integer.BYTES);
    with(checks, name, create -> create.u32(offset, JUNK).size(size));
  }

  private static void names(Checks checks) {
    name(checks, "name-empty", "");
    name(checks, "name-15", "abcdefghijklmno");
    name(checks, "name-16", "abcdefghijklmnop");
    name(checks, "name-dot", "a.b");
    name(checks, "name-mixed", "a_B9");
    name(checks, "name-digit-first", "1a");
    name(checks, "name-hyphen", "a-b");
    name(checks, "name-space", "a b");
    name(checks, "name-slash", "a/b");
    name(checks, "name-not-ascii", "ä");
  }

  private static void name(Checks checks, String row, String name) {
    with(checks, row, create -> create.name(name));
  }

  private static void attributes(Checks checks) {
    for (int size : new int[] {48, 56, 57, 60, 61, 64, 72}) {
      with(checks, "attr-size-" + size, create -> create.size(size));
    }
    with(checks, "attr-larger-zeros", create -> create.size(union() + Long.BYTES));
    with(checks, "attr-larger-nonzero", create -> create.u8(union(), 1).size(union() + Long.BYTES));
    with(checks, "attr-page", create -> create.size(4096));
    with(checks, "attr-beyond-a-page", create -> create.size(BEYOND_A_PAGE));
    with(
        checks, "attr-nonzero-after-last-field", create -> create.u8(union() - 1, 1).size(union()));
  }

  /** The size of this kernel's union bpf_attr. */
  private static int union() {
    KernelBtf kernel = KernelBtf.vmlinux();
    int id = kernel.typeId("bpf_attr", BtfKind.UNION).orElseThrow();
    return ((BtfType.Composite) kernel.reader().type(id)).sizeBytes();
  }

  private static void rights(Checks checks) {
    checks.add("nobody.valid", scene -> asNobody(scene, "create", 4, 8));
    checks.add("nobody.key-size-3", scene -> asNobody(scene, "create", 3, 8));
    checks.add("nobody.value-size-65408", scene -> asNobody(scene, "create", 4, 65408));
    checks.add(
        "descriptor-limit", scene -> Caller.ROOT.call("create-at-limit", btfFile(scene, 8), 4, 8));
  }

  private static Answer asNobody(Scene scene, String command, int keySize, int valueSize)
      throws IOException {
    String unprivileged = Files.readString(Path.of("/proc/sys/kernel/unprivileged_bpf_disabled"));
    assertThat(unprivileged.strip()).as("unprivileged_bpf_disabled").isNotEqualTo("0");
    return Caller.NOBODY.call(command, btfFile(scene, valueSize), keySize, valueSize);
  }

  /** The types of a map as the caller loads them: 1 is the key's, 2 the value's. */
  private static Path btfFile(Scene scene, int valueSize) throws IOException {
    Types types = Types.value(valueSize, btf -> btf.array(Types.INT, Types.INT, valueSize / 4));
    assertThat(types.valueId()).isEqualTo(2);
    BtfBlob blob = types.blob();
    return Files.write(scene.folder().resolve("btf"), blob.toBytes());
  }
}
