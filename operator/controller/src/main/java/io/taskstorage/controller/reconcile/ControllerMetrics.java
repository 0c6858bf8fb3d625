package io.taskstorage.controller.reconcile;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the controller counts. Labels are kinds and fixed words: no series for each object. */
final class ControllerMetrics {

  private static final String PREFIX = "taskstorage_controller_";

  private final InstantSource clock;
  private final Map<String, Instant> lastEvents = new ConcurrentHashMap<>();
  private final Histogram looks;
  private final Counter writes;
  private final Counter skipped;
  private final Histogram delay;
  private final Counter events;
  private final Counter nodeStates;
  private final Counter startupTaints;
  private final Counter watchEvents;
  private final Counter watchFailures;

  ControllerMetrics(PrometheusRegistry registry, InstantSource clock) {
    this.clock = clock;
    looks =
        Histogram.builder()
            .name(PREFIX + "reconcile_seconds")
            .help("Time to look at one object, with its write if there was one.")
            .labelNames("kind")
            .classicOnly()
            .classicUpperBounds(0.001, 0.005, 0.02, 0.1, 0.5, 2)
            .register(registry);
    writes = counter(registry, "status_writes_total", "Writes of a status.", "kind", "result");
    skipped =
        counter(registry, "status_skips_total", "Looks that wrote nothing.", "kind", "reason");
    delay =
        Histogram.builder()
            .name(PREFIX + "report_to_status_seconds")
            .help("From the last node's report seen to the status that counts it being stored.")
            .classicOnly()
            .classicUpperBounds(0.1, 0.5, 1, 2, 5, 10, 20)
            .register(registry);
    events = counter(registry, "events_total", "Events told of transitions.", "result");
    nodeStates =
        counter(registry, "node_state_changes_total", "Node states made and replaced.", "change");
    startupTaints =
        counter(registry, "startup_taints_total", "Nodes with a start-up taint to take.", "result");
    watchEvents = counter(registry, "watch_events_total", "Events of watches.", "kind");
    watchFailures = counter(registry, "watch_failures_total", "Failed lists and watches.", "kind");
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder().name(PREFIX + name).help(help).labelNames(labels).register(registry);
  }

  /** Adds what is read when somebody asks. */
  void observe(
      PrometheusRegistry registry, Watches watches, BooleanSupplier leading, IntSupplier queue) {
    gauge("leader", "1 while this process writes.")
        .callback(callback -> callback.call(leading.getAsBoolean() ? 1 : 0))
        .register(registry);
    gauge("queue", "Objects that wait to be looked at.")
        .callback(callback -> callback.call(queue.getAsInt()))
        .register(registry);
    gauge("nodes", "Nodes seen.")
        .callback(callback -> callback.call(watches.nodeCount()))
        .register(registry);
    gauge("watch_standing", "1 while the watch of a kind stands.")
        .labelNames("kind")
        .callback(
            callback ->
                watches.standing().forEach((kind, stands) -> callback.call(stands ? 1 : 0, kind)))
        .register(registry);
    gauge("watch_quiet_seconds", "Time since the last event of a kind.")
        .labelNames("kind")
        .callback(
            callback ->
                lastEvents.forEach(
                    (kind, last) ->
                        callback.call(
                            Duration.between(last, clock.instant()).toMillis() / 1000.0, kind)))
        .register(registry);
    gauge("objects", "Objects by kind and by what their status says.")
        .labelNames("kind", "state")
        .callback(
            callback -> {
              count(
                  callback,
                  TaskStorageMap.KIND,
                  watches.maps().stream()
                      .map(TaskStorageMap::getStatus)
                      .map(status -> status == null ? List.<Condition>of() : status.conditions())
                      .map(list -> Objects.requireNonNullElse(list, List.<Condition>of()))
                      .toList());
              count(
                  callback,
                  ClusterTaskStoragePolicy.KIND,
                  watches.clusterPolicies().stream()
                      .map(policy -> conditions(policy.getStatus()))
                      .toList());
              count(
                  callback,
                  TaskStoragePolicy.KIND,
                  watches.policies().stream()
                      .map(policy -> conditions(policy.getStatus()))
                      .toList());
            })
        .register(registry);
  }

  private static List<Condition> conditions(@Nullable PolicyStatus status) {
    return status == null || status.conditions() == null ? List.of() : status.conditions();
  }

  private static void count(
      GaugeWithCallback.Callback callback, String kind, List<List<Condition>> all) {
    int ready = 0;
    int stalled = 0;
    for (List<Condition> conditions : all) {
      ready += EventWriter.isTrue(conditions, Condition.READY) ? 1 : 0;
      stalled += EventWriter.isTrue(conditions, Condition.STALLED) ? 1 : 0;
    }
    callback.call(ready, kind, "ready");
    callback.call(stalled, kind, "stalled");
    callback.call(all.size() - ready - stalled, kind, "progressing");
  }

  private static GaugeWithCallback.Builder gauge(String name, String help) {
    return GaugeWithCallback.builder().name(PREFIX + name).help(help);
  }

  void looked(String kind, Duration took) {
    looks.labelValues(kind).observe(took.toNanos() / 1e9);
  }

  void wrote(String kind, String result) {
    writes.labelValues(kind, result).inc();
  }

  void skipped(String kind, String reason) {
    skipped.labelValues(kind, reason).inc();
  }

  void delayed(Duration delayed) {
    delay.observe(Math.max(0, delayed.toNanos() / 1e9));
  }

  void told(boolean taken) {
    events.labelValues(taken ? "written" : "failed").inc();
  }

  void nodeState(String change) {
    nodeStates.labelValues(change).inc();
  }

  void startupTaint(String result) {
    startupTaints.labelValues(result).inc();
  }

  void watched(String kind) {
    watchEvents.labelValues(kind).inc();
    lastEvents.put(kind, clock.instant());
  }

  void watchFailed(String kind) {
    watchFailures.labelValues(kind).inc();
  }
}
