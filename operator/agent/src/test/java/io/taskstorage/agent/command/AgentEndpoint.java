package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What an agent that runs says of itself. */
final class AgentEndpoint {
  private AgentEndpoint() {}

  /** The answer of an agent's endpoint: code and text. */
  static String get(Child agent, String path) {
    String key = path.startsWith("/debug") ? "debugAddress" : " address";
    String address = agent.awaitErrorLine("msg=listening.*" + key + "=(\\S+)").group(1);
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
              BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Until its endpoint says that all is well, without any trouble. */
  static void awaitAllWell(Child agent) {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(() -> assertThat(get(agent, "/readyz")).isEqualTo("200 ok\n"));
  }
}
