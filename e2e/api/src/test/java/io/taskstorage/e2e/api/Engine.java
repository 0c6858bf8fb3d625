package io.taskstorage.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.Judged;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ClusterState;
import io.taskstorage.agent.observe.FileObserver;
import io.taskstorage.agent.observe.InForce;
import io.taskstorage.agent.observe.Observed;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.Verdict;
import io.taskstorage.taskstore.EmulatedMembership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How {@code lint} and {@code run} judge a manifest, which is alike. */
final class Engine {

  /** Reasons that speak of other objects than the one that is judged. */
  private static final List<String> OF_OTHERS =
      List.of(
          Reason.TARGET_NOT_FOUND.wire(),
          Reason.NOT_ALLOWED_BY_TARGET.wire(),
          Reason.BPF_NAME_CONFLICT.wire());

  private static final JsonNode MAP =
      Corpus.changed(
          "map",
          "{spec: {allowedPolicies: {namespaces: {from: All}, fields: [tenant_id, qos, app]}}}");

  /** What a running agent adds, because something may be in force. */
  private static final String CONSEQUENCE = " \\(until it is mended .*\\)$";

  private Engine() {}

  /** The problems, each with the path that it begins with; empty if the object is accepted. */
  static List<String> problems(JsonNode document) {
    String kind = document.path("kind").asText();
    try {
      Path folder = Files.createTempDirectory("judged");
      Path map = folder.resolve("map.json");
      Path file = folder.resolve("object.json");
      try {
        Files.writeString(file, document.toString());
        if (!kind.equals(TaskStorageMap.KIND)) {
          Files.writeString(map, MAP.toString());
        }
        List<String> byLint = byLint(folder);
        // A folder knows no pods: run passes over the policies of namespaces, lint does not.
        if (!kind.equals(TaskStoragePolicy.KIND)) {
          assertThat(byRun(folder)).as("run, as lint").containsExactlyInAnyOrderElementsOf(byLint);
        }
        return byLint;
      } finally {
        Files.deleteIfExists(map);
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new AssertionError("judge " + document, e);
    }
  }

  private static List<String> byLint(Path folder) {
    CliRun run = CliRun.of("lint", "-f", folder.toString(), "-o", "json");
    List<String> problems = new ArrayList<>();
    for (JsonNode problem : Corpus.read(run.out()).path("problems")) {
      if (!OF_OTHERS.contains(problem.path("reason").asText())) {
        problems.add(problem.path("path").asText() + ": " + problem.path("message").asText());
      }
    }
    return problems;
  }

  private static List<String> byRun(Path folder) {
    ApiState files = new FileObserver(folder, () -> Instant.MAX).observe();
    ApiState api =
        new ApiState(
            files.objects(),
            files.complete(),
            files.settling(),
            files.problems(),
            files.notices(),
            List.of(),
            Optional.of(
                new ClusterState(
                    new NodeFacts("node", Map.of()),
                    new TreeMap<>(Map.of("default", new NamespaceFacts("default", Map.of()))),
                    new TreeMap<>(),
                    new TreeSet<>())));
    Observed observed =
        new Observed(api, new EmulatedMembership().cgroups(), InForce.NOTHING, Optional.empty());
    List<String> problems = new ArrayList<>();
    api.problems()
        .forEach(
            problem ->
                problems.add(
                    problem.path() + ": " + problem.message().replaceFirst(CONSEQUENCE, "")));
    for (Judged judged :
        DesiredComputation.of(observed, new NodeFacts("node", Map.of()), LastAccepted.NONE)
            .judged()) {
      if (judged.verdict() instanceof Verdict.Refused<?>(Reason reason, var refused)
          && !OF_OTHERS.contains(reason.wire())) {
        refused.forEach(problem -> problems.add(problem.path() + ": " + problem.message()));
      }
    }
    return problems;
  }
}
