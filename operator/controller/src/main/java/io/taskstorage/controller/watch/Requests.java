package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Requests to the API server in media types for which the client has no call of its own. They go by
 * its connections, and with its account. Any thread.
 */
public final class Requests {
  private static final long LIMIT_SECONDS = 60;

  private Requests() {}

  /**
   * Sends one and waits for the answer, whatever its code.
   *
   * @param path below the server's address, with the query
   * @param with what the request is besides
   * @param what for messages, such as "list pods of shop"
   * @throws KubernetesClientException if there is no answer
   */
  public static HttpResponse<byte[]> send(
      KubernetesClient client, String path, UnaryOperator<HttpRequest.Builder> with, String what) {
    // The address may have a path of its own, as behind a proxy.
    String server = client.getMasterUrl().toString().replaceFirst("/$", "");
    HttpRequest.Builder request =
        client.getHttpClient().newHttpRequestBuilder().uri(URI.create(server + path));
    try {
      return client
          .getHttpClient()
          .sendAsync(with.apply(request).build(), byte[].class)
          .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KubernetesClientException(what + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException(what + ": interrupted", e);
    }
  }

  /** What a caller does with an answer that it has no use for. */
  public static KubernetesClientException refused(HttpResponse<?> answer, String what) {
    return new KubernetesClientException(what + ": answer " + answer.code(), answer.code(), null);
  }
}
