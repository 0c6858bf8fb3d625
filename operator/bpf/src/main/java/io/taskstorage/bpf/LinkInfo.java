package io.taskstorage.bpf;

/**
 * What the kernel says of a link (struct bpf_link_info).
 *
 * @param type enum bpf_link_type
 * @param id unique while the kernel runs
 * @param programId the program that is attached
 * @param target the tracepoint ({@code task_newtask}) or the iterator's kind ({@code task}); empty
 *     for other types
 * @param filter the tasks that an iterator visits
 */
public record LinkInfo(int type, int id, int programId, String target, TaskFilter filter) {}
