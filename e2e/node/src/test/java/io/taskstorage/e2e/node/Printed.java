package io.taskstorage.e2e.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.cli.TaskStorageCli;
import io.taskstorage.e2e.node.World.ContainerSpec;
import io.taskstorage.e2e.node.World.PodSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;

/** What the commands print of a world's manifests, all the way from files to text. */
final class Printed {
  private static final JsonMapper JSON = new JsonMapper();

  /** Everything is accepted, or some policies are refused: worlds have both. */
  private static final List<Integer> JUDGED = List.of(0, 3);

  private final SortedMap<String, SortedMap<String, String>> byPlace = new TreeMap<>();

  private Printed(JsonNode document) {
    for (JsonNode carrier : document.path("carriers")) {
      SortedMap<String, String> values =
          byPlace.computeIfAbsent(place(carrier), _ -> new TreeMap<>());
      for (JsonNode value : carrier.path("values")) {
        values.put(value.path("map").asText(), value.path("bytes").asText());
      }
    }
  }

  /**
   * What {@code preview -o json} says.
   *
   * @param folder has the world's manifests
   * @return per cgroup of the world's node that carries something, the bytes of each map in
   *     hexadecimal
   */
  static SortedMap<String, SortedMap<String, String>> values(World world, Path folder) {
    String name = world.node().name();
    String text = run("preview", "-f", folder.toString(), "--node", name, "-o", "json");
    try {
      return new Printed(JSON.readTree(text)).byCgroup(world);
    } catch (JsonProcessingException e) {
      throw new AssertionError("read preview: " + e.getMessage() + "\n" + text, e);
    }
  }

  /** What {@code layout --header} says of a map. */
  static String header(String map, Path folder) {
    return run("layout", map, "-f", folder.toString(), "--header");
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = TaskStorageCli.commandLine(Map.of());
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(arguments);
    commandLine.getOut().flush();
    if (!JUDGED.contains(exitCode)) {
      commandLine.getErr().flush();
      throw new AssertionError(
          String.join(" ", arguments) + ": exit code " + exitCode + "\n" + err);
    }
    return out.toString();
  }

  /** A path for what the node has by itself; pods and containers stand by their names. */
  private static String place(JsonNode carrier) {
    if (carrier.has("host")) {
      return carrier.path("host").path("path").asText();
    }
    String uid = carrier.path("pod").path("uid").asText();
    return carrier.has("container")
        ? uid + "/" + carrier.path("container").path("name").asText()
        : uid;
  }

  private SortedMap<String, SortedMap<String, String>> byCgroup(World world) {
    SortedMap<String, SortedMap<String, String>> values = new TreeMap<>();
    for (String cgroup : world.hostCgroups()) {
      values.put(cgroup, ofHost(cgroup));
    }
    for (PodSpec pod : world.podsHere()) {
      SortedMap<String, String> ofPod = byPlace.getOrDefault(pod.uid(), new TreeMap<>());
      values.put(pod.cgroup(), ofPod);
      for (ContainerSpec container : pod.containers()) {
        // A container is printed only where it carries something else than its pod.
        values.put(
            pod.cgroupOf(container),
            byPlace.getOrDefault(pod.uid() + "/" + container.name(), ofPod));
      }
    }
    values.values().removeIf(Map::isEmpty);
    return values;
  }

  /** The nearest that was printed, at the cgroup itself or above it. */
  private SortedMap<String, String> ofHost(String cgroup) {
    for (String path = cgroup; !path.isEmpty(); path = path.substring(0, path.lastIndexOf('/'))) {
      for (String printed : List.of(path, path.replaceFirst("@[^@/]*\\.", "@*."))) {
        SortedMap<String, String> values = byPlace.get(printed);
        if (values != null) {
          return values;
        }
      }
    }
    return new TreeMap<>();
  }
}
