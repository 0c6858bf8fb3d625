package io.taskstorage.e2e.controller;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.controller.cluster.ClusterAccess;
import io.taskstorage.controller.reconcile.Controller;
import io.taskstorage.testkit.cluster.FaultyProxy;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A controller in this JVM, with a proxy between it and the API server that sees everything. */
final class TriedController implements AutoCloseable {
  private final FaultyProxy proxy;
  private final KubernetesClient client;
  private final Controller controller;
  private final Path folder;
  private final Path token;

  private TriedController(Cluster cluster, String identity, Controller.Options options) {
    try {
      this.folder = Files.createTempDirectory("taskstorage-test-");
      this.token = Files.writeString(folder.resolve("token"), token(cluster));
      this.proxy = FaultyProxy.start(cluster.access().server(), cluster.access().tls());
      Path kubeconfig =
          Files.writeString(
              folder.resolve("kubeconfig"),
              """
              apiVersion: v1
              kind: Config
              current-context: c
              clusters: [{name: c, cluster: {server: "%s"}}]
              users: [{name: u, user: {tokenFile: "%s"}}]
              contexts: [{name: c, context: {cluster: c, user: u}}]
              """
                  .formatted(proxy.address(), token));
      this.client = ClusterAccess.open(Optional.of(kubeconfig), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.controller =
        new Controller(
            client,
            Cluster.NAMESPACE,
            identity,
            options,
            new PrometheusRegistry(),
            cluster.clock());
  }

  /** One that has not started yet, and needs no Lease to write. */
  static TriedController alone(Cluster cluster) {
    return new TriedController(cluster, "alone", new Controller.Options(false, false));
  }

  /** The same, which takes the start-up taint from nodes. */
  static TriedController takingTaints(Cluster cluster) {
    return new TriedController(cluster, "alone", new Controller.Options(false, true));
  }

  /** One that has not started yet, and writes while it holds the Lease. */
  static TriedController elected(Cluster cluster, String identity) {
    return new TriedController(cluster, identity, new Controller.Options(true, false));
  }

  static String token(Cluster cluster) {
    try {
      return cluster.access().token().current().orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TriedController start() {
    controller.start();
    return this;
  }

  TriedController awaitWriting() {
    await().atMost(Cluster.PATIENCE).until(this::isWriting);
    return this;
  }

  boolean isWriting() {
    return Boolean.TRUE.equals(controller.state().get("writing"));
  }

  Controller controller() {
    return controller;
  }

  FaultyProxy proxy() {
    return proxy;
  }

  /** What it shows to the server from the next look at the file on, within ten seconds. */
  void showToken(String text) {
    try {
      Files.writeString(token, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The requests so far that change something, but those about the Lease. */
  List<Seen> writes() {
    return proxy.seen().stream()
        .filter(request -> !request.method().equals("GET"))
        .filter(request -> !request.pathAndQuery().contains("/leases"))
        .toList();
  }

  /** Ends it as SIGTERM does. */
  @Override
  public void close() {
    controller.close();
    client.close();
    proxy.close();
    try {
      for (String name : List.of("token", "kubeconfig")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
