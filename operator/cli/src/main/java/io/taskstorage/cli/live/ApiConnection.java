package io.taskstorage.cli.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.console.CommandFailure;
import java.net.URLEncoder;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks a cluster's API server, and only reads. Holds it until it is closed. Not thread-safe. */
public final class ApiConnection implements AutoCloseable {
  /** Where the objects of our API are. */
  public static final String OURS = "/apis/" + ApiGroup.API_VERSION + "/";

  static final String ALL_PODS = "/api/v1/pods";

  private static final int PAGE = 500;
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Lists of all namespaces that can be asked of one. */
  private static final Set<String> OF_NAMESPACES = Set.of(ALL_PODS, OURS + "taskstoragepolicies");

  private final KubernetesClient client;
  private final String server;
  private final String namespace;

  /** What came of a question. */
  public sealed interface Answer {
    /** Told in full. */
    record Told() implements Answer {}

    /** The server knows no such resource or object. */
    record Missing() implements Answer {}

    /**
     * The account may not ask.
     *
     * @param failure for whom this ends the command
     */
    record Forbidden(CommandFailure failure) implements Answer {}
  }

  private ApiConnection(KubernetesClient client, String server, String namespace) {
    this.client = client;
    this.server = server;
    this.namespace = namespace;
  }

  /**
   * Opens the cluster that is meant; asks it nothing yet.
   *
   * @throws CommandFailure if nothing says which one is meant
   */
  public static ApiConnection open(
      Optional<Path> kubeconfig, Optional<String> context, Map<String, String> environment) {
    Config config = Kubeconfig.find(kubeconfig, context, environment);
    String namespace = config.getNamespace() == null ? "default" : config.getNamespace();
    return new ApiConnection(
        new KubernetesClientBuilder().withConfig(config).build(), config.getMasterUrl(), namespace);
  }

  /** The context's namespace: that of objects that name none. */
  public String namespace() {
    return namespace;
  }

  /** The server's address. */
  public String server() {
    return server;
  }

  /**
   * Tells each item of a list, page by page.
   *
   * @throws CommandFailure if there is no answer, or none that counts
   */
  public Answer list(String path, Consumer<JsonNode> each) {
    String rest = "";
    do {
      String query =
          (path.contains("?") ? "&" : "?")
              + "limit="
              + PAGE
              + (rest.isEmpty() ? "" : "&continue=" + segment(rest));
      String[] next = {""};
      Answer answer =
          told(
              path,
              page -> {
                page.path("items").forEach(each);
                next[0] = page.path("metadata").path("continue").asText("");
              },
              () -> client.raw(path + query));
      if (!(answer instanceof Answer.Told)) {
        return answer;
      }
      rest = next[0];
    } while (!rest.isEmpty());
    return new Answer.Told();
  }

  /**
   * Tells one object.
   *
   * @throws CommandFailure if there is no answer, or none that counts
   */
  public Answer get(String path, Consumer<JsonNode> object) {
    return told(path, object, () -> client.raw(path));
  }

  /**
   * Posts a question that the server answers and does not store, such as an access review.
   *
   * @throws CommandFailure if there is no answer, or none that counts
   */
  public Answer ask(String path, String question, Consumer<JsonNode> answer) {
    return told(path, answer, () -> client.raw(path, "POST", question));
  }

  @Override
  public void close() {
    client.close();
  }

  private Answer told(String path, Consumer<JsonNode> answer, Supplier<@Nullable String> question) {
    try {
      String text = question.get();
      if (text == null) {
        return new Answer.Missing();
      }
      answer.accept(MAPPER.readTree(text));
      return new Answer.Told();
    } catch (KubernetesClientException e) {
      CommandFailure failure = failure(path, e);
      if (e.getCode() == 403) {
        return new Answer.Forbidden(failure);
      }
      throw failure;
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          "read %s of %s: the answer is no JSON: is it a Kubernetes API server?"
              .formatted(path, server),
          e);
    }
  }

  /** A name as a part of a path. */
  public static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /** The list of a namespace's pods. */
  static String podsOf(String namespace) {
    return "/api/v1/namespaces/" + segment(namespace) + "/pods";
  }

  /** For whom a missing list ends the command: nobody applied our definitions, most often. */
  public CommandFailure missing(String path) {
    return new CommandFailure(
        "read %s of %s: %s"
            .formatted(
                path,
                server,
                path.startsWith(OURS)
                    ? "the definitions of taskstorage.io are not there: apply crds/"
                    : "no such resource: is it a Kubernetes API server?"));
  }

  private CommandFailure failure(String path, KubernetesClientException failure) {
    if (failure.getCode() <= 0) {
      return new CommandFailure(
          "read %s of %s: %s: check the address, the network and the context"
              .formatted(path, server, unreached(failure)),
          failure);
    }
    String said =
        failure.getStatus() != null && failure.getStatus().getMessage() != null
            ? failure.getStatus().getMessage()
            : "no reason given";
    String cause =
        switch (failure.getCode()) {
          case 401 -> "not logged in (%s): log in again".formatted(said);
          case 403 ->
              "not allowed (%s): ask for the right to %s%s"
                  .formatted(
                      said,
                      verb(said),
                      OF_NAMESPACES.contains(path) ? ", or name a --namespace" : "");
          default -> "answer %d (%s): try again".formatted(failure.getCode(), said);
        };
    return new CommandFailure("read %s of %s: %s".formatted(path, server, cause), failure);
  }

  /** What was refused, as the server says it. */
  private static String verb(String said) {
    return Stream.of("get", "create")
        .filter(verb -> said.contains(" cannot " + verb + " "))
        .findFirst()
        .orElse("list");
  }

  /** Why there was no answer: the JDK's client says it by the kinds of its exceptions. */
  private static String unreached(Throwable failure) {
    String said = "no connection";
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      switch (cause) {
        case UnresolvedAddressException _ -> {
          return "unknown host";
        }
        case HttpTimeoutException _ -> {
          return "no answer in time";
        }
        case SSLException _ -> said = String.valueOf(cause.getMessage());
        default -> {}
      }
    }
    return said;
  }
}
