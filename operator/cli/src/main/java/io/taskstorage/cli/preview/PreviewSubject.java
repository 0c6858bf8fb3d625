package io.taskstorage.cli.preview;

import io.taskstorage.policy.ContainerKind;

/** Whose tasks are meant. */
public sealed interface PreviewSubject {

  /** A pod: its sandbox, and every container that is not told apart from it. */
  record OfPod(String namespace, String name, String uid) implements PreviewSubject {}

  /** A container that carries something else than its pod. */
  record OfContainer(String namespace, String pod, String uid, String name, ContainerKind kind)
      implements PreviewSubject {}

  /**
   * A systemd unit.
   *
   * @param path the cgroup where systemd puts it unless it is told otherwise; empty where that
   *     depends on who starts it
   */
  record OfUnit(String name, String path) implements PreviewSubject {}

  /** A cgroup that a policy names by its path. */
  record OfCgroup(String path) implements PreviewSubject {}

  /** True for what each node has for itself. */
  default boolean isOfHost() {
    return switch (this) {
      case OfPod _, OfContainer _ -> false;
      case OfUnit _, OfCgroup _ -> true;
    };
  }

  /** Kind and name, as people read them. */
  default String text() {
    return switch (this) {
      case OfPod pod -> "pod " + pod.namespace + "/" + pod.name;
      case OfContainer container ->
          "container %s/%s/%s".formatted(container.namespace, container.pod, container.name);
      case OfUnit unit -> "unit " + unit.name;
      case OfCgroup cgroup -> "cgroup " + cgroup.path;
    };
  }
}
