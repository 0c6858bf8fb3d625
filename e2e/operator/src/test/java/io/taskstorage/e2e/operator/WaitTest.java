package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.e2e.operator.SituationTest.State;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code kubectl wait} itself makes of each status that the controller writes. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
class WaitTest {

  private static final YAMLMapper YAML = new YAMLMapper();

  /** For what comes true: only a broken machine reaches it. */
  private static final String PATIENCE = "3m";

  /** For what never comes true, since nobody changes the objects: its length decides nothing. */
  private static final String IMPATIENCE = "1s";

  private static final int AT_ONCE = 4;

  /**
   * What was heard of an object.
   *
   * @param ready whether a wait for Ready ended well
   * @param status what Ready is, by a wait for that very word
   */
  private record Heard(boolean ready, String status) {}

  @Test
  void readyIsHeardWhereAllIsAsItIsMeantToBeAndNowhereElse(Installation installation)
      throws Exception {
    // Given
    ApiServer server = installation.server();
    String namespace = server.createNamespace("waited-for");
    SortedMap<String, Heard> intended = new TreeMap<>();
    SortedMap<String, ObjectNode> objects = new TreeMap<>();
    for (State state : SituationTest.states()) {
      ObjectNode object = object(state, namespace);
      objects.put(state.file(), object);
      intended.put(state.file(), new Heard(state.intended() == Verdict.DONE, ready(object)));
    }
    store(server, objects);
    // When
    SortedMap<String, Heard> heard = new TreeMap<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
      SortedMap<String, Future<Heard>> asked = new TreeMap<>();
      intended.forEach(
          (file, state) ->
              asked.put(
                  file,
                  executor.submit(
                      () ->
                          heard(
                              server, Objects.requireNonNull(objects.get(file)), state.ready()))));
      for (String file : asked.keySet()) {
        heard.put(file, asked.get(file).get());
      }
    } finally {
      server.kubectl("delete", "tsmap,ctspolicy", "-l", "of=" + namespace).stdoutIfDone();
      server.kubectl("delete", "namespace", "--wait=false", namespace).stdoutIfDone();
    }
    // Then
    assertThat(heard).isEqualTo(intended);
    assertThat(heard.values()).extracting(Heard::ready).contains(true, false);
    assertThat(heard.values()).extracting(Heard::status).contains("True", "False");
  }

  private static Heard heard(ApiServer server, ObjectNode object, boolean comes) {
    Outcome ready = await(server, object, "condition=Ready", comes ? PATIENCE : IMPATIENCE);
    String status = ready(object);
    // By its place: of a status that nobody has written yet, kubectl takes no condition for one.
    String place = "jsonpath={.status.conditions[?(@.type=='Ready')].status}=" + status;
    Outcome known = await(server, object, place, PATIENCE);
    return new Heard(ready.exitCode() == 0, known.exitCode() == 0 ? status : known.stderr());
  }

  private static Outcome await(
      ApiServer server, ObjectNode object, String condition, String timeout) {
    return server.kubectl(
        "wait",
        object.path("kind").asText() + "/" + object.at("/metadata/name").asText(),
        "--namespace=" + object.at("/metadata/namespace").asText("default"),
        "--for=" + condition,
        "--timeout=" + timeout);
  }

  /**
   * The state's object with a name of its own and the spec that another state of its kind has: some
   * specs are such as no server stores, and whoever waits reads none.
   */
  private static ObjectNode object(State state, String namespace) throws IOException {
    ObjectNode object = read(state.file());
    String kind = state.file().substring(0, state.file().indexOf('-'));
    object.set("spec", read(kind + "-programmed.yaml").path("spec"));
    ObjectNode metadata = YAML.createObjectNode();
    metadata.put("name", state.file().replace(".yaml", ""));
    if (object.at("/metadata").has("namespace")) {
      metadata.put("namespace", namespace);
    }
    metadata.putObject("labels").put("of", namespace);
    object.set("metadata", metadata);
    return object;
  }

  private static ObjectNode read(String file) throws IOException {
    return (ObjectNode) YAML.readTree(SituationTest.STATES.resolve(file).toFile());
  }

  private static String ready(JsonNode object) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText();
      }
    }
    throw new AssertionError("no condition Ready: " + object);
  }

  /** Stores the objects, and then their statuses, which a server takes apart from the rest. */
  private static void store(ApiServer server, SortedMap<String, ObjectNode> objects) {
    ArrayNode items = YAML.createArrayNode().addAll(objects.values());
    ObjectNode list = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "List");
    list.set("items", items);
    String text = list.toString();
    server.kubectlWithInput(text, "apply", "--server-side", "-f", "-").stdoutIfDone();
    server
        .kubectlWithInput(text, "apply", "--server-side", "--subresource=status", "-f", "-")
        .stdoutIfDone();
  }
}
