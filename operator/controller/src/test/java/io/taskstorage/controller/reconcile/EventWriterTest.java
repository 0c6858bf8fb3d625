package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.controller.aggregate.Tie;
import io.taskstorage.controller.reconcile.EventWriter.News;
import io.taskstorage.controller.reconcile.ScriptedServer.Request;
import io.taskstorage.policy.PolicyKey;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told, and how. */
class EventWriterTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.123456789Z");

  @Test
  void aTransitionIsAChangeOfAStatusAndNotOfAMessage() {
    // Given
    List<Condition> before = conditions("True", "True", "4 of 4 nodes");
    // When, Then
    assertThat(EventWriter.transition(before, conditions("True", "True", "5 of 5 nodes")))
        .isEmpty();
    assertThat(EventWriter.transition(null, before)).contains(before.get(1));
    List<Condition> notReady = conditions("True", "False", "4 of 5 nodes");
    assertThat(EventWriter.transition(before, notReady)).contains(notReady.get(1));
    List<Condition> refused = conditions("False", "True", "");
    assertThat(EventWriter.transition(before, refused)).contains(refused.get(1));
  }

  @Test
  void anEventSaysWhatAndAboutWhichObject() throws IOException, InterruptedException {
    try (ScriptedServer server = new ScriptedServer()) {
      // When
      boolean taken =
          new EventWriter(server.client(), "pod-1")
              .tell(policy(), new News(true, "NodesFailed", "x".repeat(2000)), NOW);
      // Then
      assertThat(taken).isTrue();
      Request request = server.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.path()).isEqualTo("/apis/events.k8s.io/v1/namespaces/default/events");
      assertThat(request.body().path("eventTime").asText())
          .isEqualTo("2026-01-02T03:04:05.123456Z");
      assertThat(request.body().path("type").asText()).isEqualTo("Warning");
      assertThat(request.body().path("reason").asText()).isEqualTo("NodesFailed");
      assertThat(request.body().path("note").asText()).hasSize(1024);
      assertThat(request.body().path("reportingInstance").asText()).isEqualTo("pod-1");
      assertThat(request.body().at("/regarding/uid").asText()).isEqualTo("u");
      assertThat(request.body().at("/regarding/kind").asText())
          .isEqualTo("ClusterTaskStoragePolicy");
    }
  }

  @Test
  void anEventThatIsRefusedIsLost() throws IOException {
    try (ScriptedServer server = new ScriptedServer()) {
      // Given
      server.answers(403, "{\"kind\": \"Status\", \"code\": 403}");
      // When, Then
      assertThat(
              new EventWriter(server.client(), "pod-1")
                  .tell(policy(), new News(false, "Programmed", ""), NOW))
          .isFalse();
    }
  }

  @Test
  void aTieNamesWhoGoesFirstAndWhatToDo() {
    // When
    News news = News.of(new Tie(new PolicyKey("", "a"), List.of("qos", "app")));
    // Then
    assertThat(news)
        .isEqualTo(
            new News(
                true,
                "PrecedenceTie",
                "a of the same tier and priority goes first, by its name alone, in qos, app: give"
                    + " one of them another priority"));
  }

  private static ClusterTaskStoragePolicy policy() {
    ClusterTaskStoragePolicy policy = new ClusterTaskStoragePolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName("tenants").withUid("u").build());
    return policy;
  }

  private static List<Condition> conditions(String accepted, String ready, String message) {
    return List.of(
        new Condition("Accepted", accepted, 1L, "t", "Accepted", message),
        new Condition("Ready", ready, 1L, "t", "Programmed", message));
  }
}
