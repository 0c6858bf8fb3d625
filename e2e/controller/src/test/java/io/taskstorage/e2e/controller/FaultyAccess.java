package io.taskstorage.e2e.controller;

import io.taskstorage.testkit.cluster.FaultyProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A way to a cluster's API server that can fail, with a kubeconfig and a token of its own. */
final class FaultyAccess implements AutoCloseable {
  private final FaultyProxy proxy;
  private final Path folder;

  FaultyAccess(Cluster cluster) {
    this.proxy = FaultyProxy.start(cluster.access().server(), cluster.access().tls());
    try {
      this.folder = Files.createTempDirectory("taskstorage-test-");
      showToken(token(cluster));
      Files.writeString(
          kubeconfig(),
          """
          apiVersion: v1
          kind: Config
          current-context: c
          clusters: [{name: c, cluster: {server: "%s"}}]
          users: [{name: u, user: {tokenFile: "%s"}}]
          contexts: [{name: c, context: {cluster: c, user: u}}]
          """
              .formatted(proxy.address(), folder.resolve("token")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The token that the server takes. */
  static String token(Cluster cluster) {
    try {
      return cluster.access().token().current().orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FaultyProxy proxy() {
    return proxy;
  }

  Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /** What the file says from now on; who uses it looks again within ten seconds. */
  void showToken(String text) {
    try {
      Files.writeString(folder.resolve("token"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
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
