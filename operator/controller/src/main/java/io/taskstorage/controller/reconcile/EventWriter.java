package io.taskstorage.controller.reconcile;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.controller.aggregate.Tie;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells transitions of conditions as events. An event that cannot be written is lost: the condition
 * is the truth.
 */
final class EventWriter {

  private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final List<String> TOLD =
      List.of(Condition.ACCEPTED, Condition.READY, Condition.STALLED);
  private static final int MAX_NOTE = 1024;

  private final KubernetesClient client;
  private final String identity;

  EventWriter(KubernetesClient client, String identity) {
    this.client = client;
    this.identity = identity;
  }

  /**
   * The condition to tell, if the status of one of those that matter has changed: Ready, which sums
   * up the others.
   */
  static Optional<Condition> transition(@Nullable List<Condition> before, List<Condition> after) {
    boolean moved =
        TOLD.stream().anyMatch(type -> !Objects.equals(status(before, type), status(after, type)));
    return moved ? find(after, Condition.READY) : Optional.empty();
  }

  /**
   * What there is to tell of an object.
   *
   * @param warns somebody has to act
   */
  record News(boolean warns, String reason, String note) {

    /** A condition that has changed. */
    static News of(Condition condition, boolean stalled) {
      return new News(
          stalled,
          Objects.requireNonNullElse(condition.reason(), ""),
          Objects.requireNonNullElse(condition.message(), ""));
    }

    /** Only the names of two policies decide which of them goes first. */
    static News of(Tie tie) {
      return new News(
          true,
          "PrecedenceTie",
          ("%s of the same tier and priority goes first, by its name alone, in %s: give one of them"
                  + " another priority")
              .formatted(tie.winner(), String.join(", ", tie.fields())));
    }
  }

  /** Tells it. True if the server took it. */
  boolean tell(HasMetadata object, News news, Instant now) {
    String namespace = Optional.ofNullable(object.getMetadata().getNamespace()).orElse("default");
    ObjectNode event = JSON.createObjectNode();
    event.put("apiVersion", "events.k8s.io/v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", object.getMetadata().getName() + "." + UUID.randomUUID())
        .put("namespace", namespace);
    event.put("eventTime", MICRO_TIME.format(now));
    event.put("reportingController", ApiGroup.NAME + "/controller");
    event.put("reportingInstance", identity);
    event.put("type", news.warns() ? "Warning" : "Normal");
    event.put("reason", news.reason());
    event.put("action", "UpdateStatus");
    event.put("note", cut(news.note()));
    event
        .putObject("regarding")
        .put("apiVersion", ApiGroup.API_VERSION)
        .put("kind", object.getKind())
        .put("name", object.getMetadata().getName())
        .put("namespace", object.getMetadata().getNamespace())
        .put("uid", object.getMetadata().getUid());
    try {
      client.raw("/apis/events.k8s.io/v1/namespaces/" + namespace + "/events", "POST", event);
      return true;
    } catch (KubernetesClientException e) {
      LOG.atWarn().addKeyValue("code", e.getCode()).log("event was not written");
      return false;
    }
  }

  static boolean isTrue(List<Condition> conditions, String type) {
    return "True".equals(status(conditions, type));
  }

  private static @Nullable String status(@Nullable List<Condition> conditions, String type) {
    return conditions == null ? null : find(conditions, type).map(Condition::status).orElse(null);
  }

  private static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(condition -> type.equals(condition.type())).findFirst();
  }

  private static String cut(String note) {
    return note.codePointCount(0, note.length()) <= MAX_NOTE
        ? note
        : note.substring(0, note.offsetByCodePoints(0, MAX_NOTE));
  }
}
