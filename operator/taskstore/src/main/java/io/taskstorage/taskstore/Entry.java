package io.taskstorage.taskstore;

import io.taskstorage.layout.Value;

/**
 * One task's entry as it was read from the map.
 *
 * @param tid the task, in this pid namespace
 * @param tgid its process
 * @param comm the task's name, at most 15 characters as the kernel has it
 * @param cgroupPath its cgroup from the cgroup root, "/a/b"; empty where it is outside the tree or
 *     the task has exited
 * @param value the bytes
 */
public record Entry(int tid, int tgid, String comm, String cgroupPath, Value value) {}
