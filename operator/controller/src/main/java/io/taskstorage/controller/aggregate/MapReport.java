package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.NodeMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One map as one node reports it.
 *
 * @param uid the map's uid
 * @param generation the generation acted on
 * @param state how it went
 * @param reason the node's word for why; empty if it has nothing to say
 * @param entries what the map holds there
 * @param tokens the policies of the map that the node has acted on
 */
public record MapReport(
    String uid,
    long generation,
    State state,
    String reason,
    Optional<EntryCounts> entries,
    Tokens tokens) {

  /** How a node fared with a map. */
  public enum State {
    /** All is done. */
    PROGRAMMED,
    /** It cannot be done there. */
    FAILED,
    /** The map is being taken away: its node was not selected, or not yet again. */
    REMOVING
  }

  /** A number for all of it but the counts that come and go with tasks. */
  int stage() {
    return Objects.hash(
        uid,
        generation,
        state,
        reason,
        entries.map(EntryCounts::late),
        entries.map(EntryCounts::failed),
        tokens);
  }

  /** Reads a row; empty if it does not say which map it is about. */
  static Optional<MapReport> of(NodeMap row) {
    if (row.uid() == null || row.generation() == null) {
      return Optional.empty();
    }
    State state =
        switch (Objects.requireNonNullElse(row.state(), "")) {
          case NodeMap.PROGRAMMED -> State.PROGRAMMED;
          case NodeMap.REMOVING -> State.REMOVING;
          default -> State.FAILED;
        };
    return Optional.of(
        new MapReport(
            row.uid(),
            row.generation(),
            state,
            Objects.requireNonNullElse(row.reason(), ""),
            Optional.ofNullable(row.entries()),
            Tokens.parse(Objects.requireNonNullElse(row.policies(), List.of()))));
  }
}
