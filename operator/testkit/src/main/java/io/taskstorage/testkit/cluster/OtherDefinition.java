package io.taskstorage.testkit.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of our definitions as another version has it: with fields and values more, or without some.
 * It replaces the one that the server has; objects stay. The server goes by it a little later.
 *
 * <p>A field is named by its path, such as {@code status.maps[].entries}.
 */
public final class OtherDefinition {
  private static final String SCHEMA = "/spec/versions/0/schema/openAPIV3Schema";

  private final String plural;
  private final List<String> operations = new ArrayList<>();

  private OtherDefinition(String plural) {
    this.plural = plural;
  }

  /** So far the same as the one that the server has. */
  public static OtherDefinition of(String plural) {
    return new OtherDefinition(plural);
  }

  /** With a field more, or in place of one that is there; {@code schema} is JSON. */
  public OtherDefinition with(String field, String schema) {
    operations.add(operation("add", path(field), schema));
    return this;
  }

  /** A field takes a word more. */
  public OtherDefinition withWord(String field, String word) {
    operations.add(operation("add", path(field) + "/enum/-", '"' + word + '"'));
    return this;
  }

  /** Without a field. */
  public OtherDefinition without(String field) {
    operations.add(operation("remove", path(field), "null"));
    return this;
  }

  /** Replaces the one that the server has. */
  public void install(ApiServer server) {
    server
        .kubectl(
            "patch",
            "crd/" + plural + ".taskstorage.io",
            "--type=json",
            "--patch",
            operations.stream().collect(Collectors.joining(",", "[", "]")))
        .stdoutIfDone();
  }

  private static String operation(String what, String path, String value) {
    return "{\"op\":\"%s\",\"path\":\"%s\",\"value\":%s}".formatted(what, path, value);
  }

  private static String path(String field) {
    return SCHEMA + "/properties/" + field.replace("[]", "/items").replace(".", "/properties/");
  }
}
