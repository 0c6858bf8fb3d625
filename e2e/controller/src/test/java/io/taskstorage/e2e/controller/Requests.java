package io.taskstorage.e2e.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A controller's requests by verb and resource, and how many there may be in a time. A bound is a
 * product of these, and of nothing that was tried out:
 *
 * <ul>
 *   <li>A <b>request</b> that gets no answer, or 429 or 5xx, is sent by the client up to three more
 *       times ({@code ClusterAccess}): {@value #SENT} in all.
 *   <li>An <b>informer</b> whose list or watch failed waits a second before the next attempt, or
 *       longer: one attempt at once, one each second after, and one for the moment at which a time
 *       begins or ends. Each attempt may list and watch. There is one informer for each kind, and
 *       for the three kinds with a status one more of the framework.
 *   <li>An <b>object</b> is looked at once a second at most ({@code Pace.LEAST}). A look writes one
 *       status, tells two events at most (a transition, a tie), and for a policy of a namespace
 *       asks for pods once.
 *   <li>A <b>node</b> is tried again a second after it failed, or later; a look makes or removes
 *       one node state.
 *   <li>The <b>Lease</b> is read, and taken or renewed, every two seconds ({@code Leadership}).
 *   <li>The <b>age</b> of the store is asked for every ten seconds, by a list of one of the kinds.
 * </ul>
 *
 * <p>What is not in the list may not be sent at all.
 */
final class Requests {
  private static final int SENT = 4;
  private static final int EVENTS = 2;
  private static final int AGE_SECONDS = 10;
  private static final List<String> WITH_STATUS =
      List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies");
  private static final List<String> SEEN =
      List.of("namespaces", "nodes", "pods", "taskstoragenodestates");

  private Requests() {}

  /** How often each verb was used on each resource: {@code WATCH nodes}. */
  static Map<String, Integer> counted(List<Seen> requests) {
    Map<String, Integer> counted = new TreeMap<>();
    requests.forEach(request -> counted.merge(kind(request), 1, Integer::sum));
    return counted;
  }

  /**
   * No more than there may be.
   *
   * @param objects how many there are of each of the kinds with a status
   * @param nodes how many Nodes there are
   */
  static void assertBounded(
      List<Seen> requests, Duration time, Map<String, Integer> objects, int nodes) {
    Map<String, Integer> most = most(time, objects, nodes);
    counted(requests)
        .forEach(
            (kind, count) ->
                assertThat(count)
                    .as("%s in %d ms, of %s", kind, time.toMillis(), counted(requests))
                    .isLessThanOrEqualTo(most.getOrDefault(kind, 0)));
  }

  private static Map<String, Integer> most(Duration time, Map<String, Integer> objects, int nodes) {
    int attempts = SENT * (2 + (int) time.toSeconds());
    int age = SENT * (1 + (int) time.toSeconds() / AGE_SECONDS);
    Map<String, Integer> most = new TreeMap<>();
    SEEN.forEach(kind -> most.put("WATCH " + kind, attempts));
    SEEN.forEach(kind -> most.put("LIST " + kind, attempts + age));
    int all = 0;
    for (String kind : WITH_STATUS) {
      int looks = attempts * objects.getOrDefault(kind, 0);
      most.put("WATCH " + kind, 2 * attempts);
      most.put("LIST " + kind, 2 * attempts + age);
      most.put("PUT " + kind + "/status", looks);
      all += looks;
    }
    most.put("POST events", EVENTS * all);
    most.merge(
        "LIST pods", attempts * objects.getOrDefault("taskstoragepolicies", 0), Integer::sum);
    most.put("POST taskstoragenodestates", attempts * nodes);
    most.put("DELETE taskstoragenodestates", attempts * nodes);
    List.of("GET", "POST", "PUT", "PATCH").forEach(verb -> most.put(verb + " leases", attempts));
    return most;
  }

  private static String kind(Seen request) {
    String path = request.pathAndQuery().replaceFirst("\\?.*", "");
    // Without api/v1 or apis/group/version.
    List<String> parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
    parts.subList(0, parts.get(0).equals("api") ? 2 : 3).clear();
    if (parts.size() > 2 && parts.get(0).equals("namespaces")) {
      parts.subList(0, 2).clear();
    }
    boolean isOne = parts.size() > 1;
    String resource = parts.get(0) + (parts.size() > 2 ? "/" + parts.get(2) : "");
    if (!request.method().equals("GET")) {
      return request.method() + " " + resource;
    }
    return (isOne ? "GET " : request.pathAndQuery().contains("watch=") ? "WATCH " : "LIST ")
        + resource;
  }
}
