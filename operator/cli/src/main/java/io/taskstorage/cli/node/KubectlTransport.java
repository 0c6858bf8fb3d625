package io.taskstorage.cli.node;

import io.taskstorage.cli.live.AgentPod;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Into the agent's pod by {@code kubectl exec}: with the rights, and the cluster, of its user. */
public final class KubectlTransport implements NodeTransport {
  private final List<String> cluster;
  private final AgentPod agent;

  /**
   * A way into a pod.
   *
   * @param cluster the options by which kubectl finds the cluster
   */
  public KubectlTransport(List<String> cluster, AgentPod agent) {
    this.cluster = List.copyOf(cluster);
    this.agent = agent;
  }

  @Override
  public int run(List<String> command, PrintWriter out, PrintWriter err) {
    List<String> words = new ArrayList<>(List.of("kubectl"));
    words.addAll(cluster);
    words.addAll(List.of("exec", "--namespace", agent.namespace(), agent.name(), "--"));
    words.add("taskstorage");
    words.addAll(command);
    return ChildProcess.run(words, Map.of(), out, err);
  }
}
