package io.taskstorage.cli;

import io.taskstorage.cli.live.AgentPod;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.node.KubectlTransport;
import io.taskstorage.cli.node.NodeTransport;
import io.taskstorage.cli.node.ShellTransport;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The way to a node, of every command that a node answers. */
final class NodeOption {
  @Mixin private ClusterOption cluster = new ClusterOption();
  @Mixin private SystemNamespaceOption system = new SystemNamespaceOption();

  @Option(
      names = "--via",
      paramLabel = "COMMAND",
      description = {
        "Another way to the node than its agent's pod: a command that a shell runs with what is"
            + " asked for as last arguments and the node's name in NODE, such as 'ssh root@$NODE"
            + " taskstorage'."
      })
  private Optional<String> via = Optional.empty();

  ClusterOption cluster() {
    return cluster;
  }

  SystemNamespaceOption system() {
    return system;
  }

  /** The way to this node; asks the cluster where its agent is, unless another way is given. */
  NodeTransport to(String node) {
    if (via.isPresent()) {
      return new ShellTransport(via.get(), node);
    }
    try (ApiConnection api = cluster.open()) {
      return new KubectlTransport(cluster.forKubectl(), AgentPod.on(api, system.namespace(), node));
    }
  }
}
