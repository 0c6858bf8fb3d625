package io.taskstorage.agent.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.taskstorage.agent.observe.Unsupported;
import io.taskstorage.api.manifest.Document;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.ManifestProblem;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.ContainerKind;
import io.taskstorage.policy.NamespaceFacts;
import io.taskstorage.policy.NodeFacts;
import io.taskstorage.policy.PodFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the kept parts of objects mean. Pure. */
final class Reading {
  /** What a pod runs as where its spec says nothing: the API server's admission writes it. */
  private static final String DEFAULT_ACCOUNT = "default";

  /**
   * What a kubelet writes on the object of a static pod: the UID that it has given to the pod, by
   * which its cgroup is named. Twice, and the API server lets nobody put the first on a pod that is
   * there already (ValidatePodUpdate). A pod that is made with it no kubelet runs; it deletes the
   * object, where no static pod has its name.
   */
  static final String CONFIG_MIRROR = "kubernetes.io/config.mirror";

  private static final String CONFIG_HASH = "kubernetes.io/config.hash";

  /** A digest: so no annotation names the cgroup of a pod that the API has a UID for. */
  private static final Pattern STATIC_UID = Pattern.compile("[0-9a-f]{32}");

  /** Lines of an object that no file holds. */
  private static final Document NO_LINES =
      new Document(Pruning.MAPPER.createObjectNode(), "", Map.of("", 0));

  private Reading() {}

  /** An object of our API. */
  sealed interface Ours {
    /** Its kind and name. */
    ObjectKey key();

    /** It is well-formed. */
    record Known(Origin origin) implements Ours {
      @Override
      public ObjectKey key() {
        return origin.key();
      }
    }

    /** It has what this version does not know, so that all of it is refused. */
    record Unknown(Unsupported object, List<ManifestProblem> problems) implements Ours {
      @Override
      public ObjectKey key() {
        return object.key();
      }
    }
  }

  /**
   * A pod of this node.
   *
   * @param facts what policies ask of it
   * @param cgroupUid what its cgroup is named by
   * @param created when the object of a static pod was, in RFC 3339; else empty
   * @param containers the names of its containers by the ids that the runtime gave them
   */
  record Pod(PodFacts facts, String cgroupUid, String created, Map<String, String> containers) {
    /**
     * The same with what the runtime tells, or the server has told since: of a container that they
     * know, an id that is known here may be that of one before it.
     */
    Pod with(Map<String, String> told) {
      if (told.isEmpty()) {
        return this;
      }
      Map<String, String> all = new LinkedHashMap<>(containers);
      all.values().removeAll(told.values());
      all.putAll(told);
      return new Pod(facts, cgroupUid, created, all);
    }

    /**
     * Which of two counts that claim one cgroup. Of one pod it is the later one, and from the other
     * which containers came. Of two static pods it is the older one: a kubelet has written that,
     * and will delete the other.
     */
    Pod or(Pod later) {
      boolean isSame =
          facts.namespace().equals(later.facts.namespace())
              && facts.name().equals(later.facts.name());
      if (isSame) {
        return later.with(containers);
      }
      return later.created.compareTo(created) < 0 ? later : this;
    }
  }

  /** How an object is found again: namespace and name. */
  static String key(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.path("namespace").asText("") + "/" + metadata.path("name").asText("");
  }

  static JsonNode tree(String text) {
    try {
      return Pruning.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("read kept object: it is no JSON any more", e);
    }
  }

  static NamespaceFacts namespace(String text) {
    JsonNode object = tree(text);
    return new NamespaceFacts(name(object), texts(object.path("metadata").path("labels")));
  }

  static NodeFacts node(String text) {
    JsonNode object = tree(text);
    return new NodeFacts(name(object), texts(object.path("metadata").path("labels")));
  }

  /** An object of our API, as strictly as a manifest. */
  static Ours ours(String text, String server) {
    ObjectNode object = (ObjectNode) tree(text);
    JsonNode metadata = object.path("metadata");
    return switch (Manifests.parse(object)) {
      case Manifest.OfMap(var map) -> known(map, metadata, server);
      case Manifest.OfClusterPolicy(var policy) -> known(policy, metadata, server);
      case Manifest.OfPolicy(var policy) -> known(policy, metadata, server);
      case Manifest.Broken(var kind, var _, var problems) ->
          new Ours.Unknown(
              new Unsupported(
                  new ObjectKey(kind, metadata.path("namespace").asText(""), name(object)),
                  metadata.path("uid").asText(""),
                  metadata.path("generation").asLong(0),
                  targets(object)),
              problems);
      case Manifest.Foreign _ -> throw new IllegalStateException("read " + text + ": not ours");
    };
  }

  private static SortedSet<String> targets(JsonNode policy) {
    SortedSet<String> maps = new TreeSet<>();
    policy.path("spec").path("targetRefs").forEach(each -> maps.add(each.path("name").asText("")));
    return maps;
  }

  private static Ours known(HasMetadata object, JsonNode metadata, String server) {
    ObjectMeta meta = object.getMetadata();
    meta.setUid(metadata.path("uid").asText(""));
    meta.setGeneration(metadata.path("generation").asLong(0));
    meta.setCreationTimestamp(metadata.path("creationTimestamp").asText(null));
    return new Ours.Known(new Origin(ObjectKey.of(object), Place.of(server), object, NO_LINES));
  }

  /** A pod, with what is known of its namespace. */
  static Pod pod(String text, Map<String, NamespaceFacts> namespaces) {
    JsonNode object = tree(text);
    JsonNode metadata = object.path("metadata");
    JsonNode spec = object.path("spec");
    List<ContainerFacts> containers = new ArrayList<>();
    for (JsonNode container : spec.path("initContainers")) {
      boolean stays = container.path("restartPolicy").asText("").equals("Always");
      containers.add(container(container, stays ? ContainerKind.SIDECAR : ContainerKind.INIT));
    }
    spec.path("containers").forEach(each -> containers.add(container(each, ContainerKind.REGULAR)));
    spec.path("ephemeralContainers")
        .forEach(each -> containers.add(container(each, ContainerKind.EPHEMERAL)));
    String namespace = metadata.path("namespace").asText("");
    String uid = metadata.path("uid").asText("");
    NamespaceFacts ns = namespaces.get(namespace);
    PodFacts facts =
        new PodFacts(
            namespace,
            name(object),
            uid,
            texts(metadata.path("labels")),
            texts(metadata.path("annotations")),
            spec.path("serviceAccountName").asText(DEFAULT_ACCOUNT),
            spec.path("nodeName").asText(""),
            ns == null ? new NamespaceFacts(namespace, Map.of()) : ns,
            containers);
    return new Pod(
        facts,
        cgroupUid(uid, metadata.path("annotations")),
        metadata.path("creationTimestamp").asText(""),
        ids(object.path("status")));
  }

  private static String cgroupUid(String uid, JsonNode annotations) {
    String mirror = annotations.path(CONFIG_MIRROR).asText("");
    boolean isStatic =
        STATIC_UID.matcher(mirror).matches()
            && mirror.equals(annotations.path(CONFIG_HASH).asText(""));
    return isStatic ? mirror : uid;
  }

  private static Map<String, String> ids(JsonNode status) {
    Map<String, String> ids = new LinkedHashMap<>();
    status.forEach(
        list ->
            list.forEach(
                container -> {
                  // runtime://id, and nothing before the container is made.
                  String text = container.path("containerID").asText("");
                  String id = text.substring(text.indexOf("://") < 0 ? 0 : text.indexOf("://") + 3);
                  if (!id.isEmpty()) {
                    ids.put(id, container.path("name").asText(""));
                  }
                }));
    return ids;
  }

  private static ContainerFacts container(JsonNode container, ContainerKind kind) {
    return new ContainerFacts(name(container), container.path("image").asText(""), kind);
  }

  private static String name(JsonNode object) {
    return object.has("metadata")
        ? object.path("metadata").path("name").asText("")
        : object.path("name").asText("");
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText("")));
    return texts;
  }
}
