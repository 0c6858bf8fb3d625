package io.taskstorage.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.taskstorage.api.v1alpha1.PolicyNodeCounts;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.reconcile.ScriptedServer.Request;
import io.taskstorage.controller.reconcile.StatusWriter.Result;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a write sends, and what becomes of it. */
class StatusWriterTest {
  private static final PolicyStatus STATUS =
      new PolicyStatus(7L, 7L, List.of(), new PolicyNodeCounts(2, 2, 0, 0), null, null);

  private ScriptedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void itSendsTheStatusAndWhichVersionItIsFor() throws InterruptedException {
    // Given
    server.answers(200, "{\"metadata\": {\"resourceVersion\": \"12\"}}");
    // When
    Result result = write();
    // Then
    assertThat(result).isEqualTo(new Result.Written("12"));
    Request request = server.next();
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.path())
        .isEqualTo(
            "/apis/taskstorage.io/v1alpha1/namespaces/shop/taskstoragepolicies/checkout/status"
                + "?fieldManager=taskstorage-controller");
    assertThat(request.body().path("metadata").toString())
        .isEqualTo(
            "{\"name\":\"checkout\",\"namespace\":\"shop\",\"uid\":\"u\",\"resourceVersion\":\"11\"}");
    assertThat(request.body().at("/status/nodes/expected").asInt()).isEqualTo(2);
    assertThat(request.body().has("spec")).as("nothing of ours is written to a spec").isFalse();
  }

  @Test
  void aVersionThatIsNoLongerTheLastIsAConflict() {
    // Given
    server.answers(409, "{\"kind\": \"Status\", \"code\": 409}");
    // When, Then
    assertThat(write()).isEqualTo(new Result.Conflict());
  }

  @Test
  void anObjectThatIsNoLongerThereIsGone() {
    // Given
    server.answers(404, "{\"kind\": \"Status\", \"code\": 404}");
    // When, Then
    assertThat(write()).isEqualTo(new Result.Gone());
  }

  @Test
  void whatTheServerRefusesIsThrownForAnotherTry() {
    // Given
    server.answers(403, "{\"kind\": \"Status\", \"code\": 403, \"message\": \"no\"}");
    // When, Then
    assertThatThrownBy(this::write).isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void anAnswerThatIsNoJsonIsThrownForAnotherTry() {
    // Given
    server.answers(200, "<html>");
    // When, Then
    assertThatThrownBy(this::write)
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("no JSON");
  }

  private Result write() {
    TaskStoragePolicy policy = new TaskStoragePolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withName("checkout")
            .withNamespace("shop")
            .withUid("u")
            .withResourceVersion("11")
            .build());
    return new StatusWriter(server.client()).write(policy, STATUS);
  }
}
