package io.taskstorage.bpf;

/**
 * A map as the kernel describes it: {@code struct bpf_map_info}, and {@code frozen} from fdinfo.
 *
 * @param type enum bpf_map_type; 29 is BPF_MAP_TYPE_TASK_STORAGE
 * @param id unique as long as the kernel runs
 * @param keySize in bytes
 * @param valueSize in bytes
 * @param maxEntries 0 for task storage
 * @param mapFlags BPF_F_*
 * @param name up to 15 characters, not unique
 * @param btfId the kernel's id of the map's BTF; 0 without
 * @param btfKeyTypeId type of the key within that BTF; 0 without
 * @param btfValueTypeId type of the value within that BTF; 0 without
 * @param mapExtra meaning depends on the type; 0 for task storage
 * @param frozen whether user space may no longer write
 */
public record MapInfo(
    int type,
    int id,
    int keySize,
    int valueSize,
    int maxEntries,
    int mapFlags,
    String name,
    int btfId,
    int btfKeyTypeId,
    int btfValueTypeId,
    long mapExtra,
    boolean frozen) {
  /** Whether it is a task storage map. */
  public boolean isTaskStorage() {
    return type == MapSpec.TASK_STORAGE;
  }
}
