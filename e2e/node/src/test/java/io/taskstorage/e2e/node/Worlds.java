package io.taskstorage.e2e.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.e2e.node.World.ContainerSpec;
import io.taskstorage.e2e.node.World.NodeSpec;
import io.taskstorage.e2e.node.World.PodSpec;
import io.taskstorage.layout.StructLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Worlds by a seeded generator, so that a failure comes again. Small vocabularies, so that things
 * meet.
 */
final class Worlds {
  static final List<String> KEYS = List.of("tier", "team", "n", "example.com/id");
  static final List<String> WORDS =
      List.of("a", "b", "7", "300", "-1", "true", "18446744073709551615");
  static final List<String> NAMESPACES = List.of("shop", "bank", "tools");
  static final List<String> CONTAINERS = List.of("server", "proxy", "setup", "debug");
  static final List<String> HOST_CGROUPS =
      List.of(
          "/system.slice",
          "/system.slice/web.service",
          "/system.slice/db.service",
          "/system.slice/db.service/sub",
          "/system.slice/system-getty.slice/getty@tty1.service",
          "/batch",
          "/batch/night");

  private final List<StructLayout> layouts;
  private final SplittableRandom random;
  private final RandomPolicies policies;

  Worlds(long seed, List<StructLayout> layouts) {
    this.layouts = layouts;
    this.random = new SplittableRandom(seed);
    this.policies = new RandomPolicies(random);
  }

  World next() {
    Map<String, StructLayout> maps = new TreeMap<>();
    List<ObjectNode> objects = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      StructLayout layout = layouts.get(random.nextInt(layouts.size()));
      String name = "map-" + i;
      maps.put(name, layout);
      objects.add(policies.map(name, "map_" + i, layout));
    }
    List<Map.Entry<String, StructLayout>> choice = List.copyOf(maps.entrySet());
    for (int i = 0; i <= random.nextInt(9); i++) {
      Map.Entry<String, StructLayout> map = pick(choice);
      objects.add(policies.policy("policy-" + i, map.getKey(), map.getValue()));
    }
    Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
    for (String namespace : NAMESPACES) {
      Map<String, String> labels = labels();
      labels.put("kubernetes.io/metadata.name", namespace);
      namespaces.put(namespace, labels);
    }
    List<NodeSpec> nodes =
        List.of(new NodeSpec("node-1", labels()), new NodeSpec("node-2", labels()));
    List<PodSpec> pods = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      pods.add(pod("pod-" + i));
    }
    return new World(maps, objects, namespaces, pods, nodes, HOST_CGROUPS);
  }

  private PodSpec pod(String name) {
    List<ContainerSpec> containers = new ArrayList<>();
    for (String container : CONTAINERS) {
      if (container.equals("server") || random.nextInt(3) == 0) {
        containers.add(
            new ContainerSpec(
                container,
                "example/" + container + ":" + random.nextInt(9),
                where(container),
                container.equals("setup") && random.nextBoolean()));
      }
    }
    return new PodSpec(
        pick(NAMESPACES),
        name,
        new UUID(random.nextLong(), random.nextLong()).toString(),
        labels(),
        labels(),
        random.nextBoolean() ? "default" : "robot",
        random.nextInt(5) == 0 ? "node-2" : "node-1",
        containers);
  }

  private static String where(String container) {
    return switch (container) {
      case "setup" -> "initContainers";
      case "debug" -> "ephemeralContainers";
      default -> "containers";
    };
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    for (String key : KEYS) {
      if (random.nextBoolean()) {
        labels.put(key, pick(WORDS).replace("-1", "m1"));
      }
    }
    return labels;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
