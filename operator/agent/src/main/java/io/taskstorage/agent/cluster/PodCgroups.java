package io.taskstorage.agent.cluster;

import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.PodOnNode;
import io.taskstorage.policy.PodsRoot;
import io.taskstorage.taskstore.Cgroup;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which cgroups are which pods, by where they are and what they are named: the kubelet puts the
 * pod's UID into the name of its cgroup, at one depth below the cgroup of all pods, and the runtime
 * puts the container's id into the name of a cgroup right below. Names anywhere else mean nothing:
 * whoever may make cgroups inside a container could choose them. Pure.
 */
final class PodCgroups {
  private static final String SLICE = ".slice";
  private static final String POD = "pod";

  private final CgroupSnapshot cgroups;
  private final Map<String, Reading.Pod> byUid = new HashMap<>();
  private final SortedMap<String, PodOnNode> found = new TreeMap<>();

  private PodCgroups(CgroupSnapshot cgroups, Iterable<Reading.Pod> pods) {
    this.cgroups = cgroups;
    pods.forEach(pod -> byUid.put(pod.cgroupUid(), pod));
  }

  /** The pods that have a cgroup, by its path. */
  static SortedMap<String, PodOnNode> of(CgroupSnapshot cgroups, Iterable<Reading.Pod> pods) {
    return new PodCgroups(cgroups, pods).find();
  }

  /** True if the tree has a cgroup for pods at all. */
  static boolean hasPodsRoot(CgroupSnapshot cgroups) {
    return cgroups.cgroups().stream().anyMatch(cgroup -> PodsRoot.is(cgroup.path()));
  }

  /**
   * The folders in which cgroups of pods and containers appear: that of all pods, one for each
   * class of service, and that of each pod.
   */
  static Set<String> folders(CgroupSnapshot cgroups) {
    Set<String> folders = new HashSet<>();
    for (Cgroup cgroup : cgroups.cgroups()) {
      String path = cgroup.path();
      String parent = parent(path);
      boolean isClass = folders.contains(parent) && isClass(parent, path);
      if (PodsRoot.is(path) || isClass || (folders.contains(parent) && uid(parent, path) != null)) {
        folders.add(path);
      }
    }
    return folders;
  }

  /** The ids of the containers that have a cgroup, by the names of these. */
  static Set<String> containerIds(Optional<ClusterState> cluster) {
    return cluster.stream()
        .flatMap(known -> known.pods().values().stream())
        .flatMap(pod -> pod.containerCgroups().values().stream())
        .map(path -> id(name(path)))
        .collect(Collectors.toSet());
  }

  private SortedMap<String, PodOnNode> find() {
    Set<String> levels = new HashSet<>();
    Map<CgroupId, Reading.Pod> pods = new HashMap<>();
    Map<CgroupId, String> paths = new HashMap<>();
    for (Cgroup cgroup : cgroups.cgroups()) {
      String path = cgroup.path();
      String parent = parent(path);
      if (PodsRoot.is(path)) {
        levels.add(path);
      } else if (levels.contains(parent) && isClass(parent, path)) {
        levels.add(path);
      } else if (levels.contains(parent)) {
        String uid = uid(parent, path);
        Reading.Pod pod = uid == null ? null : byUid.get(uid);
        if (pod != null) {
          pods.put(cgroup.id(), pod);
          paths.put(cgroup.id(), path);
          found.put(path, new PodOnNode(pod.facts(), new TreeMap<>()));
        }
      } else {
        cgroup.parent().ifPresent(above -> container(above, path, pods, paths));
      }
    }
    return found;
  }

  /** A cgroup right below a pod's: that of a container, if its name is one of the pod's ids. */
  private void container(
      CgroupId above, String path, Map<CgroupId, Reading.Pod> pods, Map<CgroupId, String> paths) {
    Reading.Pod pod = pods.get(above);
    String podPath = paths.get(above);
    if (pod == null || podPath == null) {
      return;
    }
    String container = pod.containers().get(id(name(path)));
    PodOnNode known = found.get(podPath);
    if (container != null && known != null) {
      SortedMap<String, String> containers = new TreeMap<>(known.containerCgroups());
      containers.put(container, path);
      found.put(podPath, new PodOnNode(known.pod(), containers));
    }
  }

  /** {@code <id>}, {@code cri-containerd-<id>.scope}, {@code crio-<id>.scope} and their like. */
  private static String id(String name) {
    if (!name.endsWith(".scope")) {
      return name;
    }
    String unit = name.substring(0, name.length() - ".scope".length());
    return unit.substring(unit.lastIndexOf('-') + 1);
  }

  /** The cgroup of a class of service: besteffort or burstable, in either driver's spelling. */
  private static boolean isClass(String parent, String path) {
    if (!PodsRoot.is(parent)) {
      return false;
    }
    String prefix = prefix(parent);
    String name = name(path);
    return prefix.isEmpty()
        ? name.equals("besteffort") || name.equals("burstable")
        : name.equals(prefix + "-besteffort.slice") || name.equals(prefix + "-burstable.slice");
  }

  /**
   * The UID in the name of a pod's cgroup; null where it is none. systemd's names repeat that of
   * the slice above, and have underscores for the UID's dashes.
   */
  private static @Nullable String uid(String parent, String path) {
    String name = name(path);
    String prefix = prefix(parent);
    if (prefix.isEmpty()) {
      return name.startsWith(POD) ? name.substring(POD.length()) : null;
    }
    String begin = prefix + "-" + POD;
    return name.startsWith(begin) && name.endsWith(SLICE)
        ? name.substring(begin.length(), name.length() - SLICE.length()).replace('_', '-')
        : null;
  }

  /** The name of a slice without its end; empty for a folder of the cgroupfs driver. */
  private static String prefix(String folder) {
    String name = name(folder);
    return name.endsWith(SLICE) ? name.substring(0, name.length() - SLICE.length()) : "";
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
