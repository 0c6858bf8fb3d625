package io.taskstorage.benchmarks;

import io.taskstorage.agent.cluster.ApiAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real control plane of this measurement's own, whose nodes no kubelet keeps. */
final class ControlPlane implements AutoCloseable {
  private final Path root;
  private final String name = "bench-" + ProcessHandle.current().pid();
  private final Path kubeconfig;
  private final String path;

  private ControlPlane(Path root) {
    this.root = root;
    String pid = Long.toString(ProcessHandle.current().pid());
    cluster("up", "--name", name, "--silent-nodes", "--while-pid", pid);
    String exports = cluster("env", "--name", name);
    this.kubeconfig = Path.of(exported(exports, "KUBECONFIG"));
    this.path = exported(exports, "PATH");
  }

  /** Starts one with our definitions; {@code root} is that of the repository. */
  static ControlPlane start(Path root) {
    ControlPlane plane = new ControlPlane(root);
    plane.kubectl("apply", "--server-side", "-k", root.resolve("crds").toString());
    plane.kubectl("create", "namespace", ControllerProcess.NAMESPACE);
    plane.kubectl(
        "wait",
        "--for=condition=Established",
        "--timeout=2m",
        "crd/taskstoragemaps.taskstorage.io",
        "crd/clustertaskstoragepolicies.taskstorage.io",
        "crd/taskstoragepolicies.taskstorage.io",
        "crd/taskstoragenodestates.taskstorage.io");
    return plane;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  ApiAccess access() {
    return ApiAccess.find(Optional.of(kubeconfig), Map.of());
  }

  String kubectl(String... arguments) {
    List<String> words =
        new ArrayList<>(List.of("env", "PATH=" + path, "KUBECONFIG=" + kubeconfig, "kubectl"));
    words.addAll(List.of(arguments));
    return run(words);
  }

  private String cluster(String... arguments) {
    List<String> words = new ArrayList<>(List.of(root.resolve("e2e/cluster/cluster").toString()));
    words.addAll(List.of(arguments));
    return run(words);
  }

  private static String exported(String exports, String variable) {
    String begin = "export " + variable + "='";
    int at = exports.indexOf(begin) + begin.length();
    return exports.substring(at, exports.indexOf('\'', at));
  }

  private static String run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException("run %s: exit code %d".formatted(command, code));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("run " + command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("run " + command + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    cluster("down", "--name", name);
  }
}
