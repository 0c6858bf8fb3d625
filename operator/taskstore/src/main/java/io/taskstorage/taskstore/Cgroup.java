package io.taskstorage.taskstore;

import java.util.Optional;

/**
 * One cgroup of a tree.
 *
 * @param id its inode number
 * @param parent the cgroup above it; empty for the root of the tree
 * @param path from the root of the tree: "/" for the root itself, else "/a/b"
 */
public record Cgroup(CgroupId id, Optional<CgroupId> parent, String path) {}
