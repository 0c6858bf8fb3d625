package io.taskstorage.cli.preview;

import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.ResolvedValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What everybody would carry.
 *
 * @param maps the maps in force, by name
 * @param carriers in the order of reading; who carries nothing is left out
 * @param policies how far each policy reaches, in order of precedence
 * @param notes what was assumed, and what selects nothing
 */
public record Preview(
    SortedMap<String, AcceptedMap> maps,
    List<Carrier> carriers,
    List<PolicyReach> policies,
    List<String> notes) {

  /** Copies what it is given. */
  public Preview {
    maps = Collections.unmodifiableSortedMap(new TreeMap<>(maps));
    carriers = Collections.unmodifiableList(new ArrayList<>(carriers));
    policies = List.copyOf(policies);
    notes = List.copyOf(notes);
  }

  /** This preview with notes that come before its own. */
  public Preview with(List<String> first) {
    List<String> all = new ArrayList<>(first);
    all.addAll(notes);
    return new Preview(maps, carriers, policies, all);
  }

  /** Only what pods and their containers carry. */
  public Preview ofPods() {
    return new Preview(
        maps,
        carriers.stream().filter(carrier -> !carrier.subject().isOfHost()).toList(),
        policies,
        notes);
  }

  /**
   * A subject and what its tasks carry.
   *
   * @param nodes where; empty where that is not known
   * @param values by map, at least one
   */
  public record Carrier(
      PreviewSubject subject, List<String> nodes, SortedMap<String, ResolvedValue> values) {}

  /** The carriers, a host's subject once for all nodes on which it carries the same. */
  public List<Carrier> grouped() {
    HostGroups<SortedMap<String, ResolvedValue>> groups = new HostGroups<>();
    carriers.forEach(each -> groups.add(each.subject(), each.nodes(), each.values()));
    return groups.all().stream()
        .map(told -> new Carrier(told.subject(), told.nodes(), told.what()))
        .toList();
  }
}
