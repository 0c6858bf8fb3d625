package io.taskstorage.e2e.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.taskstorage.testkit.cluster.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Objects that the API server takes and objects that it refuses, in files.
 *
 * <p>A file is a list of YAML documents. The first says on which object of {@code bases} the others
 * stand; each of these has the {@code case}, its name, the {@code change}, a {@link MergePatch},
 * and perhaps {@code refusedLater}. What the server says to {@code invalid/x.yaml} is in {@code
 * invalid/x.txt}, what an older one says in {@code invalid/x.1.33.txt}: it quotes less.
 */
final class Corpus {

  static final YAMLMapper YAML = new YAMLMapper();

  private static final YAMLMapper PLAIN =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/corpus").toAbsolutePath();

  private Corpus() {}

  /** One file of cases. */
  record CaseFile(Path path, List<Case> cases) {
    String name() {
      return path.getFileName().toString().replace(".yaml", "");
    }

    /** Where the words of the newest server to these cases are. */
    Path answers() {
      return path.resolveSibling(name() + ".txt");
    }

    /** Where the words of a server of this version are. */
    Path answers(String version) {
      return version.equals(ApiServer.DEFAULT_VERSION)
          ? answers()
          : path.resolveSibling("%s.%s.txt".formatted(name(), version));
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** Objects that the server takes. */
  static List<CaseFile> valid() {
    return files("valid");
  }

  /** Objects that the server refuses. */
  static List<CaseFile> invalid() {
    return files("invalid");
  }

  private static List<CaseFile> files(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(file -> new CaseFile(file, cases(file)))
          .toList();
    } catch (IOException e) {
      throw new AssertionError("list " + folder, e);
    }
  }

  private static List<Case> cases(Path file) {
    List<JsonNode> documents = documents(file);
    String base = documents.getFirst().path("base").asText();
    List<Case> cases = new ArrayList<>();
    for (JsonNode document : documents.subList(1, documents.size())) {
      ObjectNode object = base(base);
      MergePatch.apply(object, document.path("change"));
      cases.add(
          new Case(
              document.path("case").asText(),
              object,
              Optional.ofNullable(document.get("refusedLater")).map(JsonNode::asText)));
    }
    return cases;
  }

  /** The object of this name that cases stand on. */
  static ObjectNode base(String name) {
    return (ObjectNode) documents(FOLDER.resolve("bases").resolve(name + ".yaml")).getFirst();
  }

  /** An object of the kind with every property of its status. */
  static ObjectNode full(String kind) {
    Path folder = FOLDER.resolveSibling("full");
    return (ObjectNode) documents(folder.resolve(kind + ".yaml")).getFirst();
  }

  /** The base with a merge patch in YAML. */
  static ObjectNode changed(String base, String change) {
    ObjectNode object = base(base);
    MergePatch.apply(object, read(change));
    return object;
  }

  static List<JsonNode> documents(Path file) {
    try {
      return YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
    } catch (IOException e) {
      throw new AssertionError("read " + file, e);
    }
  }

  static String yaml(JsonNode node) {
    try {
      return PLAIN.writeValueAsString(node);
    } catch (IOException e) {
      throw new AssertionError(node.toString(), e);
    }
  }

  static JsonNode read(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new AssertionError(yaml, e);
    }
  }
}
