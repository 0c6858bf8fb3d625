package io.taskstorage.bpf;

import java.util.List;

/**
 * What the kernel says of a program (struct bpf_prog_info).
 *
 * @param type enum bpf_prog_type
 * @param id unique while the kernel runs
 * @param tag 16 hex digits, a hash of the instructions without the maps they use: equal tags need
 *     equal {@code mapIds} too. The hash changed in Linux 6.18: compare only tags of one kernel
 * @param mapIds the maps it uses, in the kernel's order
 * @param attachTypeId the BTF type of what it attaches to, 0 for none
 * @param runs how often it ran, while statistics are on (kernel.bpf_stats_enabled), else 0
 * @param runNanos how long, in nanoseconds
 * @param recursionMisses how often the kernel skipped it because it ran already on that CPU
 */
public record ProgramInfo(
    int type,
    int id,
    String tag,
    String name,
    List<Integer> mapIds,
    int attachTypeId,
    long runs,
    long runNanos,
    long recursionMisses) {}
