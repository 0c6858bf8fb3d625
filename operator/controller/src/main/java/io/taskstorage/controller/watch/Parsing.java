package io.taskstorage.controller.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads the few properties of an object that are needed, and skips the rest unparsed. */
final class Parsing {

  /** What to do with a property; the parser stands at its value. */
  interface Property {
    void read(String name, JsonParser parser) throws IOException;
  }

  private Parsing() {}

  /** Reads each property of the object at which the parser stands; anything else is skipped. */
  static void object(JsonParser parser, Property property) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      property.read(name, parser);
      // A reader stands at a scalar or behind what it read; what it left open is skipped.
      parser.skipChildren();
    }
  }

  /** Reads each property of each object of the list at which the parser stands. */
  static void objects(JsonParser parser, Property property, Runnable each) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      object(parser, property);
      each.run();
    }
  }

  /** A text, or the empty one where there is none. */
  static String text(JsonParser parser) throws IOException {
    String text = parser.getValueAsString();
    return text == null ? "" : text;
  }

  static Seen.Metadata metadata(JsonParser parser, boolean withUid) throws IOException {
    Seen.Metadata metadata = new Seen.Metadata();
    object(
        parser,
        (name, p) -> {
          switch (name) {
            case "name" -> metadata.name = text(p);
            case "namespace" -> metadata.namespace = text(p);
            case "uid" -> metadata.uid = withUid ? text(p) : "";
            case "resourceVersion" -> metadata.resourceVersion = text(p);
            case "labels" -> object(p, (key, value) -> metadata.labels.put(key, text(value)));
            case "ownerReferences" -> owner(p, metadata);
            default -> {}
          }
        });
    return metadata;
  }

  private static void owner(JsonParser parser, Seen.Metadata metadata) throws IOException {
    String[] owner = {"", ""};
    objects(
        parser,
        (name, p) -> {
          switch (name) {
            case "kind" -> owner[0] = text(p);
            case "uid" -> owner[1] = text(p);
            default -> {}
          }
        },
        () -> {
          if (owner[0].equals("Node")) {
            metadata.ownerUid = owner[1];
          }
        });
  }

  /** True if a list of conditions has Ready with status True. */
  static boolean isReady(JsonParser parser) throws IOException {
    String[] condition = {"", ""};
    boolean[] ready = {false};
    objects(
        parser,
        (name, p) -> {
          switch (name) {
            case "type" -> condition[0] = text(p);
            case "status" -> condition[1] = text(p);
            default -> {}
          }
        },
        () -> ready[0] |= condition[0].equals("Ready") && condition[1].equals("True"));
    return ready[0];
  }
}
