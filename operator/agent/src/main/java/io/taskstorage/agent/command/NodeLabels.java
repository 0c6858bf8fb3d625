package io.taskstorage.agent.command;

import io.taskstorage.policy.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a node without a Kubernetes API says of itself: the labels that a kubelet would set. */
final class NodeLabels {
  private NodeLabels() {}

  /** The node's facts; what was given goes before what is found. */
  static NodeFacts of(Optional<String> givenName, Map<String, String> givenLabels) {
    String name = givenName.orElseGet(NodeLabels::hostname);
    Map<String, String> labels = new HashMap<>();
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", architecture(System.getProperty("os.arch", "")));
    labels.put("kubernetes.io/hostname", name);
    labels.putAll(givenLabels);
    return new NodeFacts(name, labels);
  }

  /** Go's name of a Java architecture, as Kubernetes has it. */
  static String architecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  private static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
