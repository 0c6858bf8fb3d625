package io.taskstorage.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.Manifest;
import io.taskstorage.api.v1alpha1.Manifests;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the bytes of one manifest file say. */
public sealed interface ManifestText {
  /** Parts of a file, aliases counted as often as they are used: enough for what people write. */
  int MAX_PARTS = 200_000;

  /** The bytes are not a text of the file's format: nothing of it counts. */
  record Broken(FileProblem problem) implements ManifestText {}

  /**
   * The documents, each judged for itself.
   *
   * @param objects well-formed objects of our API, in order
   * @param refused documents that mean to be ours and are not well-formed
   */
  record Documented(List<Origin> objects, List<Refused> refused) implements ManifestText {}

  /**
   * A document that is not taken.
   *
   * @param key which object it is, where kind and name can be read
   * @param problems all of them
   */
  record Refused(Optional<ObjectKey> key, List<FileProblem> problems) {}

  /**
   * A document of another API group.
   *
   * @param json all of it, or at least the parts that were asked for
   */
  record Foreign(String apiVersion, String kind, Place place, JsonNode json) {}

  /**
   * Reads a file's bytes.
   *
   * @param name decides between YAML and JSON
   * @param maxParts of a YAML file, aliases counted as often as they are used
   * @param parts those that are asked for of what is of other API groups
   * @param foreign gets what is of other API groups, one by one; of a file that turns out to be
   *     broken it means nothing
   */
  static ManifestText of(
      String name, byte[] bytes, int maxParts, Parts parts, Consumer<Foreign> foreign) {
    Optional<String> text = decoded(bytes);
    return text.isEmpty()
        ? new Broken(FileProblem.ofFile(Place.of(name), "not UTF-8 text: save it as UTF-8"))
        : of(name, text.get(), maxParts, parts, foreign);
  }

  private static ManifestText of(
      String name, String text, int maxParts, Parts parts, Consumer<Foreign> foreign) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Documented judged = new Documented(new ArrayList<>(), new ArrayList<>());
    Consumer<Document> judge = document -> judge(name, document, judged, foreign);
    Documents documents =
        name.endsWith(".json")
            ? JsonDocuments.read(content, parts, judge)
            : YamlDocuments.read(content, maxParts, judge);
    return switch (documents) {
      case Documents.Broken broken ->
          new Broken(FileProblem.ofFile(new Place(name, broken.line()), broken.message()));
      case Documents.Read _ -> judged;
    };
  }

  /** The text; empty if the bytes are none. Files may be large: they are not copied in vain. */
  private static Optional<String> decoded(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean mayBeMalformed = text.indexOf('\uFFFD') >= 0;
    return mayBeMalformed && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
        ? Optional.empty()
        : Optional.of(text);
  }

  private static void judge(
      String name, Document document, Documented into, Consumer<Foreign> foreign) {
    if (isList(document.json())) {
      for (int i = 0; i < document.json().path("items").size(); i++) {
        judge(name, document.item(i), into, foreign);
      }
      return;
    }
    switch (Manifests.parse(document.json())) {
      case Manifest.OfMap ours -> into.objects.add(origin(name, document, ours.map()));
      case Manifest.OfClusterPolicy ours -> into.objects.add(origin(name, document, ours.policy()));
      case Manifest.OfPolicy ours -> into.objects.add(origin(name, document, ours.policy()));
      case Manifest.Broken broken -> into.refused.add(refused(name, document, broken));
      case Manifest.Foreign other ->
          foreign.accept(
              new Foreign(
                  other.apiVersion(),
                  other.kind(),
                  new Place(name, document.line()),
                  document.json()));
    }
  }

  /** A list of ours, or one of version v1: of objects of any kind, or of a kind of its own. */
  private static boolean isList(JsonNode json) {
    String kind = json.path("kind").asText("");
    String apiVersion = json.path("apiVersion").asText("");
    boolean ourList = apiVersion.equals(ApiGroup.API_VERSION) && kind.endsWith("List");
    return json.path("items").isArray()
        && (ourList || (apiVersion.equals("v1") && kind.endsWith("List")));
  }

  private static Origin origin(String name, Document document, HasMetadata object) {
    return new Origin(ObjectKey.of(object), new Place(name, document.line()), object, document);
  }

  private static Refused refused(String name, Document document, Manifest.Broken broken) {
    Optional<ObjectKey> key =
        broken.kind().isEmpty()
            ? Optional.empty()
            : broken.name().map(named -> key(broken.kind(), named, document.json()));
    List<FileProblem> problems =
        broken.problems().stream()
            .map(
                problem ->
                    new FileProblem(
                        new Place(name, document.lineOf(problem.path())),
                        key,
                        problem.path(),
                        problem.message()))
            .toList();
    return new Refused(key, problems);
  }

  /** The key that the document would have if it were well-formed. */
  private static ObjectKey key(String kind, String name, JsonNode json) {
    boolean isNamespaced = kind.equals(TaskStoragePolicy.KIND);
    String namespace = json.path("metadata").path("namespace").asText("");
    return new ObjectKey(kind, isNamespaced ? namespace : "", name);
  }
}
