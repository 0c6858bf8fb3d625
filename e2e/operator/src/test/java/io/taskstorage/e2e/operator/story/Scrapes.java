package io.taskstorage.e2e.operator.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
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
  private static final Pattern NO_WATCH =
      Pattern.compile("(?m)^taskstorage_controller_watch_standing\\{.*} 0(\\.0)?$");
  private static final Pattern METRIC = Pattern.compile("(?m)^# TYPE ([a-z_]+) \\w+$");

  private final SortedMap<String, URI> targets;
  private final SortedMap<String, List<String>> values = new TreeMap<>();
  private final Set<String> metrics = new TreeSet<>();
  private int taken;

  /** Of these addresses, each by the name of its instance. */
  Scrapes(SortedMap<String, URI> targets) {
    this.targets = targets;
  }

  /**
   * Scrapes all of them, at a moment at which every watch stands: each is renewed after five to ten
   * minutes and does not stand for a second then, which is no alert's business.
   */
  void take() {
    SortedMap<String, String> pages =
        await()
            .atMost(Duration.ofMinutes(2))
            .until(this::pages, found -> found.values().stream().allMatch(Scrapes::isWatching));
    pages.forEach(this::note);
    taken++;
  }

  /** What an instance says at this moment of a metric without labels. */
  String now(String instance, String metric) throws IOException, InterruptedException {
    return SAMPLE
        .matcher(pages().getOrDefault(instance, ""))
        .results()
        .filter(sample -> sample.group(1).equals(metric))
        .map(sample -> sample.group(3))
        .findFirst()
        .orElse("");
  }

  private static boolean isWatching(String page) {
    return !NO_WATCH.matcher(page).find();
  }

  private SortedMap<String, String> pages() throws IOException, InterruptedException {
    SortedMap<String, String> pages = new TreeMap<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (Map.Entry<String, URI> target : targets.entrySet()) {
        HttpRequest request = HttpRequest.newBuilder(target.getValue().resolve("/metrics")).build();
        pages.put(target.getKey(), client.send(request, BodyHandlers.ofString()).body());
      }
    }
    return pages;
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
