package io.taskstorage.controller.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * On which nodes the pods of a namespace are: asked for where a status depends on it, and never
 * watched, for a cluster has a hundred thousand pods that change all the time. Thread-safe.
 *
 * <p>A pod comes as the row of a table, the way kubectl prints it: a tenth of the object, and the
 * least that names its node.
 */
public final class PodPlaces {

  private static final String TABLE =
      "application/json;as=Table;g=meta.k8s.io;v=v1,application/json";
  private static final String NODE_COLUMN = "Node";
  private static final int PAGE = 2000;
  private static final JsonFactory JSON = new JsonFactory();

  private record Answer(Set<String> nodes, Instant at) {}

  private final KubernetesClient client;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** Nothing is known; the client stays the caller's. */
  public PodPlaces(KubernetesClient client) {
    this.client = client;
  }

  /** The nodes by namespace, as they were last answered. */
  public Map<String, Set<String>> nodesByNamespace() {
    Map<String, Set<String>> nodes = new HashMap<>();
    answers.forEach((namespace, answer) -> nodes.put(namespace, answer.nodes()));
    return nodes;
  }

  /** When a namespace was last asked about. */
  public Optional<Instant> askedAt(String namespace) {
    return Optional.ofNullable(answers.get(namespace)).map(Answer::at);
  }

  /** Forgets namespaces about which nobody asks any more. */
  public void keepOnly(Predicate<String> namespaces) {
    answers.keySet().removeIf(namespaces.negate());
  }

  /**
   * Asks where the pods of a namespace are now.
   *
   * @throws KubernetesClientException if the server cannot be reached, refuses, or answers nonsense
   */
  public void ask(String namespace, Instant now) {
    Set<String> nodes = new HashSet<>();
    String rest = "";
    do {
      rest = page(namespace, rest, nodes);
    } while (!rest.isEmpty());
    answers.put(namespace, new Answer(Set.copyOf(nodes), now));
  }

  /** Adds the nodes of one page; returns what asks for the next one, empty after the last. */
  private String page(String namespace, String rest, Set<String> nodes) {
    String what = "list pods of " + namespace;
    String path =
        "/api/v1/namespaces/%s/pods?includeObject=None&limit=%d%s"
            .formatted(
                namespace,
                PAGE,
                rest.isEmpty()
                    ? ""
                    : "&continue=" + URLEncoder.encode(rest, StandardCharsets.UTF_8));
    HttpResponse<byte[]> answer =
        Requests.send(client, path, request -> request.header("Accept", TABLE), what);
    if (!answer.isSuccessful()) {
      throw Requests.refused(answer, what);
    }
    try {
      return read(answer.body(), nodes);
    } catch (IOException e) {
      throw new KubernetesClientException(what + ": " + e.getMessage(), e);
    }
  }

  /** Reads a table; returns what asks for the next page. */
  static String read(byte[] table, Set<String> nodes) throws IOException {
    String[] rest = {""};
    int[] column = {-1};
    try (JsonParser parser = JSON.createParser(table)) {
      parser.nextToken();
      Parsing.object(
          parser,
          (name, p) -> {
            switch (name) {
              case "metadata" ->
                  Parsing.object(
                      p,
                      (inner, q) -> {
                        if (inner.equals("continue")) {
                          rest[0] = Parsing.text(q);
                        }
                      });
              case "columnDefinitions" -> column[0] = column(p);
              case "rows" -> rows(p, column[0], nodes);
              default -> {}
            }
          });
    }
    if (column[0] < 0) {
      throw new IOException("the answer is no table with a column " + NODE_COLUMN);
    }
    return rest[0];
  }

  private static int column(JsonParser parser) throws IOException {
    int[] at = {0, -1};
    Parsing.objects(
        parser,
        (name, p) -> {
          if (name.equals("name") && Parsing.text(p).equals(NODE_COLUMN)) {
            at[1] = at[0];
          }
        },
        () -> at[0]++);
    return at[1];
  }

  private static void rows(JsonParser parser, int column, Set<String> nodes) throws IOException {
    Parsing.objects(
        parser,
        (name, p) -> {
          if (name.equals("cells") && p.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; p.nextToken() != JsonToken.END_ARRAY; i++) {
              // Where there is none, it says so in angle brackets, which no name has.
              if (i == column && !Parsing.text(p).isEmpty() && Parsing.text(p).charAt(0) != '<') {
                nodes.add(Parsing.text(p));
              }
              p.skipChildren();
            }
          }
        },
        () -> {});
  }
}
