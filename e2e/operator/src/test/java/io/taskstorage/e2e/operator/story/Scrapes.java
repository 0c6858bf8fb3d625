package io.taskstorage.e2e.operator.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What controller and agents served, scrape after scrape. Used by one thread. */
final class Scrapes {
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)\\})? ([-+.\\w]+)$");
  private static final Pattern METRIC = Pattern.compile("(?m)^# TYPE ([a-z_]+) \\w+$");

  private final SortedMap<String, URI> targets;
  private final SortedMap<String, List<String>> values = new TreeMap<>();
  private final Set<String> metrics = new TreeSet<>();
  private int taken;

  /** Of these addresses, each by the name of its instance. */
  Scrapes(SortedMap<String, URI> targets) {
    this.targets = targets;
  }

  /** Scrapes all of them. */
  void take() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (Map.Entry<String, URI> target : targets.entrySet()) {
        HttpRequest request = HttpRequest.newBuilder(target.getValue().resolve("/metrics")).build();
        note(target.getKey(), client.send(request, BodyHandlers.ofString()).body());
      }
    }
    taken++;
  }

  private void note(String instance, String text) {
    METRIC.matcher(text).results().map(found -> found.group(1)).forEach(metrics::add);
    String job = instance.startsWith("agent") ? "agent" : "controller";
    for (MatchResult sample : SAMPLE.matcher(text).results().toList()) {
      String labels = sample.group(2) == null ? "" : sample.group(2) + ",";
      String series =
          "%s{%sinstance=\"%s\",job=\"%s\"}".formatted(sample.group(1), labels, instance, job);
      List<String> earlier = values.computeIfAbsent(series, _ -> new ArrayList<>());
      earlier.addAll(Collections.nCopies(taken - earlier.size(), "_"));
      earlier.add(sample.group(3));
    }
  }

  /** Names of metrics, as their TYPE lines have them. */
  Set<String> metrics() {
    return metrics;
  }

  /** The series of one instance. */
  List<String> series(String instance) {
    return values.keySet().stream()
        .filter(series -> series.contains("instance=\"" + instance + "\""))
        .toList();
  }

  /** As promtool reads them: each series, and its values one after another; {@code _} is none. */
  List<Map<String, String>> forPromtool() {
    return values.entrySet().stream()
        .map(each -> Map.of("series", each.getKey(), "values", String.join(" ", each.getValue())))
        .toList();
  }
}
