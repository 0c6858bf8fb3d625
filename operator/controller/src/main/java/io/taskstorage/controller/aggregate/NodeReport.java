package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.NodeMap;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one node's agent reports, as far as statuses are made of it.
 *
 * @param maps the maps that it tells of
 * @param failures fields that are zero there, and policies that its agent refuses
 */
public record NodeReport(List<MapReport> maps, List<NodeFailure> failures) {

  /** Copies both. */
  public NodeReport {
    maps = List.copyOf(maps);
    failures = List.copyOf(failures);
  }

  /** Reads a node state's status. */
  public static NodeReport of(NodeStateStatus status) {
    return new NodeReport(
        Objects.requireNonNullElse(status.maps(), List.<NodeMap>of()).stream()
            .map(MapReport::of)
            .flatMap(Optional::stream)
            .toList(),
        Objects.requireNonNullElse(status.failures(), List.of()));
  }

  /** What it says of the map with this uid. */
  Optional<MapReport> map(String uid) {
    for (MapReport map : maps) {
      if (map.uid().equals(uid)) {
        return Optional.of(map);
      }
    }
    return Optional.empty();
  }
}
