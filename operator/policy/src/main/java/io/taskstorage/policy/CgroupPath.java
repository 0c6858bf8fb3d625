package io.taskstorage.policy;

import java.util.List;
import java.util.Optional;

/** Paths of cgroups from the root of the cgroup2 hierarchy. */
final class CgroupPath {

  static final int MAX_CHARACTERS = 1024;

  private CgroupPath() {}

  /** The names from the root down; empty for the root itself. */
  static List<String> names(String path) {
    return path.length() < 2 ? List.of() : List.of(path.substring(1).split("/", -1));
  }

  /** Why a policy cannot name this path. */
  static Optional<String> problem(String path) {
    if (path.isEmpty()) {
      return Optional.of("empty: give the path of a cgroup, such as /system.slice/sshd.service");
    }
    if (Quote.characters(path) > MAX_CHARACTERS) {
      return Optional.of(
          "a path of %d characters: at most %d are allowed: name a cgroup further up"
              .formatted(Quote.characters(path), MAX_CHARACTERS));
    }
    String shown = Quote.text(path);
    if (!path.startsWith("/")) {
      return Optional.of(
          shown + " is not absolute: begin with /, the root of the cgroup2 hierarchy");
    }
    if (path.equals("/")) {
      return Optional.of("\"/\" is every task of the node: name cgroups below it");
    }
    for (String name : names(path)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return Optional.of(
            shown + " is not normalised: write it without //, ., .. and without / at the end");
      }
      if (PodsRoot.isPodsName(name)) {
        return Optional.of(
            shown + " holds pods, which host policies never reach: use subject.pods");
      }
    }
    return Optional.empty();
  }
}
