package io.taskstorage.controller.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.TaskStorageNodeState;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.controller.watch.OpenWatches;
import io.taskstorage.controller.watch.SeenNamespace;
import io.taskstorage.controller.watch.SeenNode;
import io.taskstorage.controller.watch.SeenNodeState;
import io.taskstorage.controller.watch.SeenPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Opens the API server that is meant. */
public final class ClusterAccess {

  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 30_000;

  private ClusterAccess() {}

  /**
   * A client whose answers are read as the controller wants them: pods, nodes, namespaces and node
   * states as little as is needed of them, maps and policies so that one that cannot be read keeps
   * no other from being read. It asks nothing yet.
   *
   * @param kubeconfig the file that was named; else the account of the pod that this runs in, else
   *     {@code KUBECONFIG}
   * @param watches is told from now on which watches the server has open
   * @throws CommandFailure if nothing says which server is meant, or its file cannot be read
   */
  public static KubernetesClient open(
      Optional<Path> kubeconfig, Map<String, String> environment, OpenWatches watches) {
    Config config = config(kubeconfig, environment);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    // Plain HTTP, as other clients do. Behind a proxy that knows no WebSocket a watch by that would
    // stand, and tell nothing for ever.
    config.setOnlyHttpWatches(true);
    // Whoever asks tries again with its own patience; a short storm is ridden out here.
    config.setRequestRetryBackoffLimit(3);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor(OpenWatches.class.getSimpleName(), watches))
        .build();
  }

  private static KubernetesSerialization serialization() {
    ObjectMapper mapper = new ObjectMapper();
    SimpleModule module = new SimpleModule("taskstorage");
    LenientTypes.register(module);
    mapper.registerModule(module);
    KubernetesSerialization serialization = new AnswerSerialization(mapper);
    serialization.registerKubernetesResource("v1", "Pod", SeenPod.class);
    serialization.registerKubernetesResource("v1", "Node", SeenNode.class);
    serialization.registerKubernetesResource("v1", "Namespace", SeenNamespace.class);
    serialization.registerKubernetesResource(
        ApiGroup.API_VERSION, TaskStorageNodeState.KIND, SeenNodeState.class);
    return serialization;
  }

  private static Config config(Optional<Path> named, Map<String, String> environment) {
    if (named.isPresent()) {
      return read(named.get());
    }
    if (environment.containsKey("KUBERNETES_SERVICE_HOST") && Files.exists(SERVICE_ACCOUNT)) {
      Config config = Config.autoConfigure(null);
      config.setOauthTokenProvider(new TokenFile(SERVICE_ACCOUNT));
      return config;
    }
    String variable = environment.getOrDefault("KUBECONFIG", "");
    if (!variable.isEmpty()) {
      return read(Path.of(variable));
    }
    throw new CommandFailure(
        "find cluster: neither in a pod nor a kubeconfig: name one by --kubeconfig or KUBECONFIG");
  }

  private static Config read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure(
          "read kubeconfig %s: %s: correct the path"
              .formatted(file, Files.exists(file) ? "cannot be read" : "no such file"),
          e);
    }
    try {
      Config config = Config.fromKubeconfig(null, file.toFile());
      tokenFile(text).ifPresent(token -> config.setOauthTokenProvider(new TokenFile(token)));
      return config;
    } catch (RuntimeException e) {
      // Its reader has exceptions of its own, and of the YAML parser that it uses.
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
      throw new CommandFailure("read kubeconfig %s: %s: mend the file".formatted(file, why), e);
    }
  }

  /** The current user's {@code tokenFile}, which the client library does not read. */
  private static Optional<Path> tokenFile(String kubeconfig) {
    Kubeconfig parsed = new KubernetesSerialization().unmarshal(kubeconfig, Kubeconfig.class);
    return parsed.currentUser().map(Kubeconfig.User::tokenFile).map(Path::of);
  }
}
