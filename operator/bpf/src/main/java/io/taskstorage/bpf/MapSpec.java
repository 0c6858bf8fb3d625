package io.taskstorage.bpf;

import io.taskstorage.bpf.btf.BtfBlob;
import io.taskstorage.bpf.sys.Uapi;
import java.util.ArrayList;
import java.util.List;

/**
 * A map as it is wanted: the attributes of BPF_MAP_CREATE. Pure data; whether they go together is
 * for the kernel to say.
 *
 * @param name up to 15 of {@code A-Z a-z 0-9 _ .}
 * @param keySize in bytes
 * @param valueSize in bytes
 * @param maxEntries 0 for task storage
 * @param mapFlags BPF_F_*
 * @param mapType enum bpf_map_type
 * @param btf describes key and value; loaded for the map alone
 * @param btfKeyTypeId within {@code btf}
 * @param btfValueTypeId within {@code btf}
 */
public record MapSpec(
    String name,
    int keySize,
    int valueSize,
    int maxEntries,
    int mapFlags,
    int mapType,
    BtfBlob btf,
    int btfKeyTypeId,
    int btfValueTypeId) {
  /** BPF_MAP_TYPE_TASK_STORAGE. */
  public static final int TASK_STORAGE = Uapi.BPF_MAP_TYPE_TASK_STORAGE;

  /** The largest value of a task storage map, in bytes, with cache lines of 64 bytes. */
  public static final int LARGEST_VALUE_BYTES = 65407;

  /** The largest value for which every kernel from 6.19 on can create an entry, in bytes. */
  public static final int LARGEST_PORTABLE_VALUE_BYTES = 8120;

  /**
   * A task storage map with exactly the attributes that every consumer expects: key_size 4,
   * max_entries 0, BPF_F_NO_PREALLOC alone.
   *
   * @param btfKeyTypeId of an {@code int}
   * @param btfValueTypeId of a type of {@code valueSize} bytes
   */
  public static MapSpec taskStorage(
      String name, int valueSize, BtfBlob btf, int btfKeyTypeId, int btfValueTypeId) {
    return new MapSpec(
        name,
        Integer.BYTES,
        valueSize,
        0,
        Uapi.BPF_F_NO_PREALLOC,
        TASK_STORAGE,
        btf,
        btfKeyTypeId,
        btfValueTypeId);
  }

  /**
   * Every attribute in which a map that was found differs, for example {@code value_size: 40
   * wanted, 48 found}. BTF is not compared: its ids differ from load to load.
   */
  public List<String> differences(MapInfo found) {
    List<String> differences = new ArrayList<>();
    compare(differences, "type", mapType, found.type());
    compare(differences, "key_size", keySize, found.keySize());
    compare(differences, "value_size", valueSize, found.valueSize());
    compare(differences, "max_entries", maxEntries, found.maxEntries());
    compare(differences, "map_flags", mapFlags, found.mapFlags());
    compare(differences, "name", name, found.name());
    return List.copyOf(differences);
  }

  private static void compare(List<String> differences, String what, Object wanted, Object found) {
    if (!wanted.equals(found)) {
      differences.add(what + ": " + wanted + " wanted, " + found + " found");
    }
  }
}
