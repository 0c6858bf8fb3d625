package io.taskstorage.policy;

import io.taskstorage.policy.SubjectFacts.Container;
import io.taskstorage.policy.SubjectFacts.HostCgroup;
import io.taskstorage.policy.SubjectFacts.Pod;
import io.taskstorage.policy.cel.CelVariable;
import io.taskstorage.policy.cel.CelVariable.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What expressions can read of a subject. The names are API. */
enum Variable {
  POD_NAME("pod.name", Kind.TEXT, true, false),
  POD_NAMESPACE("pod.namespace", Kind.TEXT, true, false),
  POD_UID("pod.uid", Kind.TEXT, true, false),
  POD_LABELS("pod.labels", Kind.TEXTS, true, false),
  POD_ANNOTATIONS("pod.annotations", Kind.TEXTS, true, false),
  POD_SERVICE_ACCOUNT_NAME("pod.serviceAccountName", Kind.TEXT, true, false),
  NS_NAME("ns.name", Kind.TEXT, true, false),
  NS_LABELS("ns.labels", Kind.TEXTS, true, false),
  CONTAINER_NAME("container.name", Kind.TEXT, true, false),
  CONTAINER_IMAGE("container.image", Kind.TEXT, true, false),
  PROCESS_UNIT("process.unit", Kind.TEXT, false, true),
  PROCESS_CGROUP_PATH("process.cgroupPath", Kind.TEXT, false, true),
  NODE_NAME("node.name", Kind.TEXT, true, true),
  NODE_LABELS("node.labels", Kind.TEXTS, true, true);

  private static final Map<String, Variable> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(variable -> variable.path, Function.identity()));

  private final String path;
  private final Kind kind;
  private final boolean ofPods;
  private final boolean ofHosts;

  Variable(String path, Kind kind, boolean ofPods, boolean ofHosts) {
    this.path = path;
    this.kind = kind;
    this.ofPods = ofPods;
    this.ofHosts = ofHosts;
  }

  /** Those that subjects of this kind have. */
  static List<CelVariable> of(SubjectKind kind) {
    return Arrays.stream(values())
        .filter(variable -> kind == SubjectKind.PODS ? variable.ofPods : variable.ofHosts)
        .map(variable -> new CelVariable(variable.path, variable.kind))
        .toList();
  }

  /** True for what whoever may edit a pod may change at any time. */
  static boolean isOwnersToChange(String name) {
    return name.equals(POD_LABELS.path) || name.equals(POD_ANNOTATIONS.path);
  }

  /** True for what the containers of a pod do not have in common. */
  static boolean isOfContainer(String name) {
    return name.equals(CONTAINER_NAME.path) || name.equals(CONTAINER_IMAGE.path);
  }

  /**
   * The value of the variable of this name.
   *
   * @throws IllegalArgumentException if such a subject has none
   */
  static Object value(String name, SubjectFacts facts, NodeFacts node) {
    Variable variable = BY_NAME.get(name);
    if (variable == NODE_NAME) {
      return node.name();
    }
    if (variable == NODE_LABELS) {
      return node.labels();
    }
    return switch (facts) {
      case HostCgroup(String path) when variable == PROCESS_CGROUP_PATH -> path;
      case HostCgroup(String path) when variable == PROCESS_UNIT ->
          UnitCgroup.unitAt(path).orElse("");
      case Pod(PodFacts pod) when variable != null -> variable.of(pod);
      // Where nobody knows which container it is, as in the pod's sandbox, it has no name.
      case Container(var _, ContainerFacts container) when variable == CONTAINER_NAME ->
          container.name();
      case Container(var _, ContainerFacts container) when variable == CONTAINER_IMAGE ->
          container.image();
      case Container(PodFacts pod, var _) when variable != null -> variable.of(pod);
      default ->
          throw new IllegalArgumentException(
              "read %s: a subject without it: compile for its kind".formatted(name));
    };
  }

  private Object of(PodFacts pod) {
    return switch (this) {
      case POD_NAME -> pod.name();
      case POD_NAMESPACE -> pod.namespace();
      case POD_UID -> pod.uid();
      case POD_LABELS -> pod.labels();
      case POD_ANNOTATIONS -> pod.annotations();
      case POD_SERVICE_ACCOUNT_NAME -> pod.serviceAccountName();
      case NS_NAME -> pod.ns().name();
      case NS_LABELS -> pod.ns().labels();
      case CONTAINER_NAME, CONTAINER_IMAGE -> "";
      case PROCESS_UNIT, PROCESS_CGROUP_PATH, NODE_NAME, NODE_LABELS ->
          throw new IllegalArgumentException(
              "read %s: a pod has none: compile for its kind".formatted(path));
    };
  }
}
