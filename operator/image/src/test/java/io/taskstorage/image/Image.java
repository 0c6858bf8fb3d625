package io.taskstorage.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The image that this build has packaged.
 *
 * @param config what a runtime reads of it: user, entry point, labels
 * @param layers names in the file, the lowest first
 */
record Image(JsonNode config, List<String> layers) {

  /** The module. */
  static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  /** The file, in the form that {@code docker load} and {@code ctr images import} take. */
  static final Path TAR = MODULE.resolve("target/task-storage-operator-image.tar");

  /** Where our things are in it. */
  static final String HOME = "opt/taskstorage";

  Image {
    layers = List.copyOf(layers);
  }

  static Image packaged() throws IOException {
    JsonNode manifest = json("manifest.json").get(0);
    List<String> layers = new ArrayList<>();
    manifest.get("Layers").forEach(layer -> layers.add(layer.asText()));
    return new Image(json(manifest.get("Config").asText()), layers);
  }

  private static JsonNode json(String member) throws IOException {
    String text = Command.of("tar", "-xOf", TAR.toString(), member).run().stdoutIfDone();
    return new JsonMapper().readTree(text);
  }

  /** Puts the layers over one another, as a node does. */
  void unpack(Path root, Path work) throws IOException {
    Command.of("tar", "-xf", TAR.toString(), "-C", Files.createDirectories(work).toString())
        .run()
        .stdoutIfDone();
    for (String layer : layers) {
      Command.of("tar", "-xzf", work.resolve(layer).toString(), "-C", root.toString())
          .arguments("--same-permissions", "--no-same-owner")
          .run()
          .stdoutIfDone();
    }
  }
}
