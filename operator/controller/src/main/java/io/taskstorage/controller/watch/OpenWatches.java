package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which kinds the API server is telling this client of: each from the moment in which the server
 * has answered the request to watch it until that answer ends. Any thread.
 *
 * <p>An informer's own word, {@code isWatching}, is no more than that something has come: where
 * nothing happens it is false for a minute, until the server's first bookmark, and so it is each
 * time the library has another watch take the place of an old one.
 */
public final class OpenWatches implements Interceptor {
  /** The answers that have not ended; while one takes the place of another there are two. */
  private final Map<HttpResponse<?>, String> answers = new ConcurrentHashMap<>();

  /**
   * Whether the server tells of a kind now.
   *
   * @param plural as in paths: {@code nodes}
   */
  public boolean isOpen(String plural) {
    return answers.containsValue(plural);
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (response.isSuccessful() && response.body() instanceof AsyncBody body) {
      watched(request)
          .ifPresent(
              plural -> {
                answers.put(response, plural);
                var _ = body.done().whenComplete((_, _) -> answers.remove(response));
              });
    }
  }

  /** The plural of what a request is to watch; empty for any other request. */
  private static Optional<String> watched(HttpRequest request) {
    URI uri = request.uri();
    String query = uri.getQuery();
    if (query == null || !List.of(query.split("&", -1)).contains("watch=true")) {
      return Optional.empty();
    }
    return Optional.of(uri.getPath().replaceFirst(".*/", ""));
  }
}
