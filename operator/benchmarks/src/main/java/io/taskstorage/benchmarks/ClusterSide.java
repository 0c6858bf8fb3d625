package io.taskstorage.benchmarks;

import io.taskstorage.agent.cluster.ApiAccess;
import io.taskstorage.agent.cluster.ApiConnection;
import io.taskstorage.agent.cluster.ApiFailure;
import io.taskstorage.policy.PodFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A real API server of a measurement's own, with the objects of a {@link SampleCluster}. It ends
 * with {@link #close}, or when this JVM has ended.
 */
final class ClusterSide implements AutoCloseable {
  static final String NODE = "node-0";

  private final String name;
  private final Path program;
  private final Path kubeconfig;
  private final String path;

  private ClusterSide(String name, Path program, String exports) {
    this.name = name;
    this.program = program;
    this.kubeconfig = Path.of(exported(exports, "KUBECONFIG"));
    this.path = exported(exports, "PATH") + ":" + System.getenv("PATH");
  }

  /** Starts one, with our definitions and a Node. */
  static ClusterSide start(Path root, String purpose) {
    Path program = root.resolve("e2e/cluster/cluster");
    String pid = Long.toString(ProcessHandle.current().pid());
    String name = "bench-" + purpose + "-" + pid;
    output(List.of(program.toString(), "up", "--name", name, "--while-pid", pid), "", Map.of());
    String exports = output(List.of(program.toString(), "env", "--name", name), "", Map.of());
    ClusterSide side = new ClusterSide(name, program, exports);
    side.kubectl("", "apply", "--server-side", "-k", root.resolve("crds").toString());
    side.apply(
        """
        {apiVersion: v1, kind: Node, metadata: {name: %1$s}}
        ---
        {apiVersion: taskstorage.io/v1alpha1, kind: TaskStorageNodeState, metadata: {name: %1$s}}
        """
            .formatted(NODE));
    return side;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  void apply(String manifests) {
    kubectl(manifests, "apply", "--server-side", "-f", "-");
  }

  /** The pods of a sample, all of them on one node; returns their UIDs. */
  List<String> pods(SampleCluster cluster, int from, int to, String node) {
    apply(
        IntStream.range(from, to)
            .mapToObj(i -> pod(cluster.pod(i), node))
            .collect(Collectors.joining("---\n")));
    String uids =
        kubectl(
            "",
            "get",
            "pods",
            "-A",
            "--field-selector=spec.nodeName=" + node,
            "-o",
            "jsonpath={.items[*].metadata.uid}");
    return List.of(uids.strip().split(" ", -1));
  }

  private static String pod(PodFacts pod, String node) {
    String labels =
        pod.labels().entrySet().stream()
            .map(each -> "%s: \"%s\"".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {%s}}
    spec:
      nodeName: %s
      automountServiceAccountToken: false
      tolerations: [{operator: Exists}]
      containers: [{name: server, image: registry.example/server:1}]
    """
        .formatted(pod.name(), pod.namespace(), labels, node);
  }

  /** Changes one object by a JSON patch, and comes back when the server has it. */
  void patch(String path, String json) {
    try (ApiConnection connection =
        new ApiConnection(ApiAccess.find(Optional.of(kubeconfig), Map.of()), "benchmark")) {
      connection.patch(path, json);
    } catch (ApiFailure e) {
      throw new IllegalStateException("patch " + path + ": " + e.text(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("patch " + path + ": interrupted", e);
    }
  }

  private String kubectl(String input, String... arguments) {
    List<String> words = new ArrayList<>(List.of("env", "PATH=" + path, "kubectl"));
    words.addAll(List.of(arguments));
    return output(words, input, Map.of("KUBECONFIG", kubeconfig.toString(), "KUBERC", "off"));
  }

  private static String output(List<String> command, String input, Map<String, String> more) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().putAll(new LinkedHashMap<>(more));
      Path file = Files.createTempFile("taskstorage-bench-", ".in");
      Files.writeString(file, input);
      Process process = builder.redirectInput(file.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      Files.delete(file);
      if (code != 0) {
        throw new IllegalStateException(command + ": exit code " + code);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command + ": interrupted", e);
    }
  }

  private static String exported(String exports, String variable) {
    String begin = "export " + variable + "='";
    return exports
        .lines()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length(), line.indexOf('\'', begin.length())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + variable + " in: " + exports));
  }

  @Override
  public void close() {
    output(List.of(program.toString(), "down", "--name", name), "", Map.of());
  }
}
