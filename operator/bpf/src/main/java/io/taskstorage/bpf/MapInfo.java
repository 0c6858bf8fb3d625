package io.taskstorage.bpf;

/**
 * What the kernel says of a map (struct bpf_map_info).
 *
 * @param id unique while the kernel runs
 * @param btfId 0 where the map has no BTF
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
    int btfValueTypeId) {}
