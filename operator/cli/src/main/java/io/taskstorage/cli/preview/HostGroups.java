package io.taskstorage.cli.preview;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells a host's subject once for all nodes on which the same is to be said of it; everything else
 * as it comes.
 *
 * @param <T> what is said of a subject; compared by equals
 */
final class HostGroups<T> {
  /** What is said of a subject, and where. */
  record Told<T>(PreviewSubject subject, List<String> nodes, T what) {}

  private final List<Told<T>> others = new ArrayList<>();
  private final Map<PreviewSubject, Map<T, List<String>>> hosts = new LinkedHashMap<>();

  void add(PreviewSubject subject, List<String> nodes, T what) {
    if (subject.isOfHost()) {
      hosts
          .computeIfAbsent(subject, _ -> new LinkedHashMap<>())
          .computeIfAbsent(what, _ -> new ArrayList<>())
          .addAll(nodes);
    } else {
      others.add(new Told<>(subject, nodes, what));
    }
  }

  /** Pods and containers first, then the hosts' subjects, one after the other. */
  List<Told<T>> all() {
    List<Told<T>> all = new ArrayList<>(others);
    hosts.forEach(
        (subject, told) ->
            told.forEach((what, nodes) -> all.add(new Told<>(subject, List.copyOf(nodes), what))));
    return all;
  }
}
