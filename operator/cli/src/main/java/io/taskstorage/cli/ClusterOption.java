package io.taskstorage.cli;

import io.taskstorage.cli.live.ApiConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster is meant, of every command that reads one. */
final class ClusterOption {
  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Context of the kubeconfig (default: the current one).")
  private Optional<String> context = Optional.empty();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig (default: KUBECONFIG, else ~/.kube/config).")
  private Optional<Path> kubeconfig = Optional.empty();

  /** True if either option was given. */
  boolean isGiven() {
    return context.isPresent() || kubeconfig.isPresent();
  }

  /** Opens it; the caller closes. */
  ApiConnection open() {
    return ApiConnection.open(kubeconfig, context, System.getenv());
  }

  /** The same cluster for kubectl. */
  List<String> forKubectl() {
    List<String> words = new ArrayList<>();
    kubeconfig.ifPresent(file -> words.addAll(List.of("--kubeconfig", file.toString())));
    context.ifPresent(name -> words.addAll(List.of("--context", name)));
    return words;
  }
}
