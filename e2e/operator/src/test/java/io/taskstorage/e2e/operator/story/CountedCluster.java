package io.taskstorage.e2e.operator.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.taskstorage.testkit.cluster.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What tasks carry and what statuses ought to say, counted plainly: over the pods and policies that
 * the API server holds, and by asking the kernel for the entry of each task in the hosts' cgroups.
 * The policies are those of {@link StatusTruthStoryTest}: one of the cluster's for pods with {@code
 * app: cart}, and one of a namespace for all its pods, which goes first.
 */
final class CountedCluster {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Host> hosts;
  private final String bpfName;
  private final List<JsonNode> pods;
  private final Map<String, JsonNode> namespaced = new TreeMap<>();
  private final JsonNode map;
  private final JsonNode base;

  private CountedCluster(Stage stage, List<Host> hosts, String name, List<String> namespaces) {
    this.hosts = hosts;
    this.bpfName = name;
    this.pods = new ArrayList<>();
    for (String namespace : namespaces) {
      json(stage, "get pods -o json -n " + namespace).path("items").forEach(pods::add);
      json(stage, "get tspolicy -o json -n " + namespace)
          .path("items")
          .forEach(policy -> namespaced.put(namespace, policy));
    }
    this.map = json(stage, "get tsmap -o json " + name);
    this.base = json(stage, "get ctspolicy -o json " + name);
  }

  /** As all is now. */
  static CountedCluster of(Stage stage, List<Host> hosts, String name, List<String> namespaces) {
    return new CountedCluster(stage, hosts, name, namespaces);
  }

  private static JsonNode json(Stage stage, String line) {
    try {
      return JSON.readTree(stage.kubectl(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each task carries by the kernel's word; none without an entry. */
  Map<Integer, String> carried() {
    Map<Integer, String> carried = new TreeMap<>();
    for (Host host : hosts) {
      for (int pid : pids(host.cgroups())) {
        String value = CarriedValues.of(host.pins().resolve(bpfName), pid);
        if (!value.equals("nothing")) {
          carried.put(pid, value);
        }
      }
    }
    return carried;
  }

  /** What each ought to carry. */
  Map<Integer, String> due() {
    Map<Integer, String> due = new TreeMap<>();
    for (JsonNode pod : pods) {
      String qos = qos(pod);
      if (!qos.isEmpty()) {
        pids(cgroup(pod)).forEach(pid -> due.put(pid, "tenant_id=0 qos=%s app=".formatted(qos)));
      }
    }
    return due;
  }

  /** The value of the only field that is set; empty where nothing selects the pod. */
  private String qos(JsonNode pod) {
    JsonNode own = namespaced.get(pod.at("/metadata/namespace").asText());
    JsonNode decides = own != null ? own : isCart(pod) ? base : MissingNode.getInstance();
    return decides.at("/spec/values/0/value").asText("");
  }

  private static boolean isCart(JsonNode pod) {
    return pod.at("/metadata/labels/app").asText().equals("cart");
  }

  private Path cgroup(JsonNode pod) {
    Host host =
        hosts.stream()
            .filter(each -> each.node().equals(pod.at("/spec/nodeName").asText()))
            .findFirst()
            .orElseThrow();
    return host.cgroups().resolve("kubepods/besteffort/pod" + pod.at("/metadata/uid").asText());
  }

  private static List<Integer> pids(Path cgroup) {
    List<Integer> pids = new ArrayList<>();
    try (Stream<Path> folders = Files.walk(cgroup)) {
      for (Path procs : folders.filter(file -> file.endsWith("cgroup.procs")).toList()) {
        Files.readAllLines(procs).forEach(line -> pids.add(Integer.valueOf(line)));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pids;
  }

  /** What statuses say of what is counted here, an object a line. */
  String said() {
    StringBuilder said = new StringBuilder();
    JsonNode entries = map.at("/status/entries");
    said.append(
        "map: %s, entries of %s pods, %s containers, %s tasks, %s failed%n"
            .formatted(
                conditions(map, "desired"),
                entries.path("pods"),
                entries.path("containers"),
                entries.path("tasks"),
                entries.path("failed")));
    said.append("base: %s%n".formatted(conditions(base, "expected")));
    namespaced.forEach(
        (namespace, policy) ->
            said.append("%s: %s%n".formatted(namespace, conditions(policy, "expected"))));
    return said.toString();
  }

  private static String conditions(JsonNode object, String all) {
    StringBuilder said = new StringBuilder();
    for (JsonNode condition : object.at("/status/conditions")) {
      String type = condition.path("type").asText();
      if (!type.contains("/")) {
        said.append(
            "%s %s %s, "
                .formatted(
                    type, condition.path("status").asText(), condition.path("reason").asText()));
      }
    }
    JsonNode nodes = object.at("/status/nodes");
    return said.append(
            "generations %s %s of %s, %s of %s nodes, %s pending, %s failed"
                .formatted(
                    object.at("/status/observedGeneration"),
                    object.at("/status/programmedGeneration"),
                    object.at("/metadata/generation"),
                    nodes.path("programmed"),
                    nodes.path(all),
                    nodes.path("pending"),
                    nodes.path("failed")))
        .toString();
  }

  /** What they ought to say; whether tasks carry what they ought to is another question. */
  String ought() {
    Map<Integer, String> carried = carried();
    Set<String> carriers = new HashSet<>();
    for (JsonNode pod : pods) {
      if (pids(cgroup(pod)).stream().anyMatch(carried::containsKey)) {
        carriers.add(pod.at("/metadata/uid").asText());
      }
    }
    StringBuilder ought = new StringBuilder();
    ought.append(
        "map: %s, entries of %d pods, 0 containers, %d tasks, 0 failed%n"
            .formatted(
                conditions(map, "Programmed", hosts.size()), carriers.size(), carried.size()));
    ought.append("base: %s%n".formatted(conditions(base, ofBase(), hosts.size())));
    namespaced.forEach(
        (namespace, policy) -> {
          long on =
              pods.stream()
                  .filter(pod -> pod.at("/metadata/namespace").asText().equals(namespace))
                  .map(pod -> pod.at("/spec/nodeName").asText())
                  .distinct()
                  .count();
          String reason = on == 0 ? "NoMatch" : "Programmed";
          ought.append("%s: %s%n".formatted(namespace, conditions(policy, reason, (int) on)));
        });
    return ought.toString();
  }

  /** A policy of a namespace decides the same field, for all pods that it has. */
  private String ofBase() {
    List<JsonNode> selected = pods.stream().filter(CountedCluster::isCart).toList();
    long others =
        selected.stream()
            .filter(pod -> namespaced.containsKey(pod.at("/metadata/namespace").asText()))
            .count();
    if (selected.isEmpty()) {
      return "NoMatch";
    }
    return others == selected.size()
        ? "Overridden"
        : others == 0 ? "Programmed" : "PartiallyProgrammed";
  }

  private static String conditions(JsonNode object, String reason, int nodes) {
    JsonNode generation = object.at("/metadata/generation");
    boolean isInForce = reason.endsWith("Programmed");
    return "Accepted True Accepted, Programmed %s %s, Ready True %s, Stalled False %s, "
            .formatted(isInForce ? "True" : "False", reason, reason, reason)
        + "generations %s %s of %s, %d of %d nodes, 0 pending, 0 failed"
            .formatted(generation, generation, generation, nodes, nodes);
  }
}
