package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The attributes of one BPF_MAP_CREATE, all right until a check makes one of them wrong. Offsets
 * are those of include/uapi/linux/bpf.h.
 */
final class MapCreate {
  static final int INNER_MAP_FD = 20;
  static final int NUMA_NODE = 24;
  static final int MAP_IFINDEX = 44;
  static final int BTF_VMLINUX_VALUE_TYPE_ID = 60;
  static final int MAP_EXTRA = 64;
  static final int VALUE_TYPE_BTF_OBJ_FD = 72;
  static final int MAP_TOKEN_FD = 76;
  static final int EXCL_PROG_HASH_SIZE = 88;

  /** More than any kernel's union, and more than a page. */
  private static final int LARGEST_SIZE = 3 * 4096;

  /** Up to and with btf_value_type_id: what a task storage map needs. */
  static final int SMALLEST_SIZE = 60;

  private final Scene scene;
  private final MemorySegment attr;
  private int size = Uapi.MAP_CREATE_SIZE;
  private int hiddenBytes;

  private MapCreate(Scene scene) {
    this.scene = scene;
    this.attr = scene.arena().allocate(LARGEST_SIZE, Long.BYTES);
  }

  /** A valid task storage map of these types. */
  static MapCreate of(Scene scene, Types types) {
    return new MapCreate(scene)
        .u32(Uapi.MAP_CREATE_MAP_TYPE, Uapi.BPF_MAP_TYPE_TASK_STORAGE)
        .u32(Uapi.MAP_CREATE_KEY_SIZE, Integer.BYTES)
        .u32(Uapi.MAP_CREATE_VALUE_SIZE, types.valueSize())
        .u32(Uapi.MAP_CREATE_MAP_FLAGS, Uapi.BPF_F_NO_PREALLOC)
        .u32(Uapi.MAP_CREATE_BTF_FD, scene.descriptor(scene.btfLoad(types.blob())))
        .u32(Uapi.MAP_CREATE_BTF_KEY_TYPE_ID, types.keyId())
        .u32(Uapi.MAP_CREATE_BTF_VALUE_TYPE_ID, types.valueId())
        .name("contract");
  }

  /** A map of maps, with this map as the pattern. */
  static MapCreate ofMaps(Scene scene, int type, int innerMap) {
    return new MapCreate(scene)
        .u32(Uapi.MAP_CREATE_MAP_TYPE, type)
        .u32(Uapi.MAP_CREATE_KEY_SIZE, Integer.BYTES)
        .u32(Uapi.MAP_CREATE_VALUE_SIZE, Integer.BYTES)
        .u32(Uapi.MAP_CREATE_MAX_ENTRIES, 1)
        .u32(INNER_MAP_FD, innerMap)
        .name("contract_maps");
  }

  MapCreate u32(int offset, int value) {
    attr.set(ValueLayout.JAVA_INT, offset, value);
    return this;
  }

  MapCreate u8(int offset, int value) {
    attr.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    return this;
  }

  MapCreate name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    MemorySegment field = attr.asSlice(Uapi.MAP_CREATE_MAP_NAME, Uapi.BPF_OBJ_NAME_LEN);
    field.fill((byte) 0).copyFrom(MemorySegment.ofArray(bytes));
    return this;
  }

  /** How many bytes of the attributes the kernel is told of. */
  MapCreate size(int bytes) {
    size = bytes;
    return this;
  }

  /** How many bytes at the begin of a value the kernel keeps to itself. */
  MapCreate hiding(int bytes) {
    hiddenBytes = bytes;
    return this;
  }

  /** The attributes as they are, for a caller of another kind. */
  MemorySegment attr() {
    return attr.asSlice(0, size);
  }

  long call() {
    return Syscall.call(Uapi.SYS_BPF, Uapi.BPF_MAP_CREATE, attr.address(), size, 0, 0);
  }

  Answer answer() {
    return scene.answer(call());
  }

  /** A descriptor of the map, which must be accepted. */
  int descriptor() {
    return scene.descriptor(call());
  }

  RawMap map() {
    int valueSize = attr.get(ValueLayout.JAVA_INT, Uapi.MAP_CREATE_VALUE_SIZE);
    assertThat(valueSize).isPositive();
    return new RawMap(scene, descriptor(), valueSize, hiddenBytes);
  }
}
