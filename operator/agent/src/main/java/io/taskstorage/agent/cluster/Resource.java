package io.taskstorage.agent.cluster;

import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What an agent lists and watches. */
enum Resource {
  PODS("/api/v1/pods", "spec.nodeName="),
  NODES("/api/v1/nodes", "metadata.name="),
  NAMESPACES("/api/v1/namespaces", ""),
  TASKSTORAGEMAPS("/apis/" + ApiGroup.API_VERSION + "/taskstoragemaps", ""),
  CLUSTERTASKSTORAGEPOLICIES("/apis/" + ApiGroup.API_VERSION + "/clustertaskstoragepolicies", ""),
  TASKSTORAGEPOLICIES("/apis/" + ApiGroup.API_VERSION + "/taskstoragepolicies", "");

  private static final String JSON = "application/json";
  private static final String METADATA = "application/json;as=%s;g=meta.k8s.io;v=v1";

  private final String path;
  private final String ofNode;

  Resource(String path, String ofNode) {
    this.path = path;
    this.ofNode = ofNode;
  }

  /** The path with a query that ends so that more parameters can follow. */
  String path(String nodeName) {
    return path
        + "?"
        + (ofNode.isEmpty() ? "" : "fieldSelector=" + encoded(ofNode + nodeName) + "&");
  }

  /** Of namespaces only the labels are asked for. */
  String acceptOfList() {
    return this == NAMESPACES ? METADATA.formatted("PartialObjectMetadataList") : JSON;
  }

  String acceptOfWatch() {
    return this == NAMESPACES ? METADATA.formatted("PartialObjectMetadata") : JSON;
  }

  /** That of a kind of our own API. */
  static Resource of(String kind) {
    return switch (kind) {
      case TaskStorageMap.KIND -> TASKSTORAGEMAPS;
      case ClusterTaskStoragePolicy.KIND -> CLUSTERTASKSTORAGEPOLICIES;
      case TaskStoragePolicy.KIND -> TASKSTORAGEPOLICIES;
      default -> throw new IllegalArgumentException("find resource of " + kind + ": not ours");
    };
  }

  /** True for the kinds of our own API. */
  boolean isOurs() {
    return path.startsWith("/apis/" + ApiGroup.NAME);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** As it stands in paths, logs and metrics. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
