package io.taskstorage.cli.live;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.taskstorage.console.CommandFailure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which cluster is meant: looked up as kubectl does. */
final class Kubeconfig {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 30_000;

  private Kubeconfig() {}

  /**
   * The client's configuration.
   *
   * @param file the one that was named; else {@code KUBECONFIG}, {@code ~/.kube/config}, or the
   *     account of the pod that this runs in
   * @param context empty = the current one
   */
  static Config find(
      Optional<Path> file, Optional<String> context, Map<String, String> environment) {
    Config config = found(file, context, environment);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    config.setRequestRetryBackoffLimit(1);
    return config;
  }

  private static Config found(
      Optional<Path> named, Optional<String> context, Map<String, String> environment) {
    String variable = environment.getOrDefault("KUBECONFIG", "");
    Path home = Path.of(environment.getOrDefault("HOME", "/"), ".kube", "config");
    if (named.isPresent()) {
      return read(named.get(), context);
    }
    if (variable.contains(File.pathSeparator)) {
      return Config.autoConfigure(context.orElse(null));
    }
    if (!variable.isEmpty()) {
      return read(Path.of(variable), context);
    }
    if (Files.exists(home)) {
      return read(home, context);
    }
    if (Files.exists(SERVICE_ACCOUNT)) {
      return Config.autoConfigure(null);
    }
    throw new CommandFailure(
        "read kubeconfig: there is none: name one by --kubeconfig or KUBECONFIG, or write " + home);
  }

  private static Config read(Path file, Optional<String> context) {
    if (!Files.isReadable(file)) {
      throw new CommandFailure(
          "read kubeconfig %s: %s: correct the path"
              .formatted(file, Files.exists(file) ? "permission denied" : "no such file"));
    }
    Config config;
    try {
      config = Config.fromKubeconfig(context.orElse(null), file.toFile());
    } catch (RuntimeException e) {
      // Its reader has exceptions of its own, and of the YAML parser that it uses.
      throw new CommandFailure(
          "read kubeconfig %s: %s: mend the file".formatted(file, firstLine(e)), e);
    }
    if (context.isPresent()
        && config.getContexts().stream().noneMatch(each -> context.get().equals(each.getName()))) {
      throw new CommandFailure(
          "read kubeconfig %s: no context %s: use one of %s"
              .formatted(
                  file,
                  context.get(),
                  config.getContexts().stream()
                      .map(NamedContext::getName)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    if (config.getCurrentContext() == null) {
      throw new CommandFailure(
          "read kubeconfig %s: no current context: name one by --context".formatted(file));
    }
    return config;
  }

  private static String firstLine(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse("unknown");
  }
}
