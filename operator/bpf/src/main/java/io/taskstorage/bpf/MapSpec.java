package io.taskstorage.bpf;

import io.taskstorage.bpf.btf.BtfBlob;
import io.taskstorage.bpf.sys.Uapi;
import java.util.ArrayList;
import java.util.List;

/**
 * The map that is wanted: the attributes of BPF_MAP_CREATE. The kernel judges them, not this
 * record.
 *
 * @param btf loaded for the map alone and given up afterwards
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

  /** Exactly what consumers expect of a task storage map. */
  public static MapSpec taskStorage(
      String name, int valueSize, BtfBlob btf, int btfKeyTypeId, int btfValueTypeId) {
    return new MapSpec(
        name,
        4,
        valueSize,
        0,
        Uapi.BPF_F_NO_PREALLOC,
        Uapi.BPF_MAP_TYPE_TASK_STORAGE,
        btf,
        btfKeyTypeId,
        btfValueTypeId);
  }

  /**
   * All attributes in which a found map differs, as {@code attribute wanted, found}. Empty when a
   * program that expects this map may use the found one (the attributes libbpf compares, and the
   * name).
   */
  public List<String> differences(MapInfo found) {
    List<String> differences = new ArrayList<>();
    compare(differences, "type", mapType, found.type());
    compare(differences, "key_size", keySize, found.keySize());
    compare(differences, "value_size", valueSize, found.valueSize());
    compare(differences, "max_entries", maxEntries, found.maxEntries());
    compare(differences, "map_flags", mapFlags, found.mapFlags());
    if (!name.equals(found.name())) {
      differences.add("name " + name + " wanted, " + found.name() + " found");
    }
    return List.copyOf(differences);
  }

  private static void compare(List<String> differences, String what, int wanted, int found) {
    if (wanted != found) {
      differences.add(what + " " + wanted + " wanted, " + found + " found");
    }
  }
}
