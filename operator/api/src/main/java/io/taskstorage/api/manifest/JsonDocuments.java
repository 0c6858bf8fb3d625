package io.taskstorage.api.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** JSON text as documents with lines: one object, or several behind each other. */
final class JsonDocuments {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(YamlDocuments.MAX_DEPTH).build())
          .build();

  private static final String MEND = ": correct the text";

  private static final Pattern ASIDE =
      Pattern.compile(" \\((code \\d+|start marker.*|not recognized.*)\\)(?=\\)|:|$)");

  private static final Pattern REPEATED = Pattern.compile("(?<=Unrecognized token) '.*?'(?=:|$)");

  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private final Parts foreign;
  private Map<String, Integer> lines = new HashMap<>();
  private boolean keepsLines = true;

  private JsonDocuments(Parts foreign) {
    this.foreign = foreign;
  }

  /**
   * Reads a text, one document after the other; see {@link YamlDocuments#read}.
   *
   * @param foreign what to keep of objects of other APIs that begin with apiVersion and kind, as
   *     tools write them
   */
  static Documents read(String text, Parts foreign, Consumer<Document> each) {
    JsonDocuments reader = new JsonDocuments(foreign);
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        reader.lines = new HashMap<>();
        JsonNode json =
            reader.value(parser, "", parser.currentTokenLocation().getLineNr(), Parts.ALL);
        if (!json.isNull()) {
          each.accept(new Document(json, "", reader.lines));
        }
      }
      return new Documents.Read();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      return new Documents.Broken(line, "not valid JSON: " + cause(e.getOriginalMessage()) + MEND);
    } catch (IOException e) {
      throw new UncheckedIOException("a text cannot fail to be read", e);
    }
  }

  private JsonNode value(JsonParser parser, String pointer, int line, Parts parts)
      throws IOException {
    if (keepsLines) {
      lines.put(pointer, line);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, pointer, parts);
      case START_ARRAY -> array(parser, pointer, parts);
      case VALUE_STRING -> nodes.textNode(parser.getText());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> nodes.numberNode(parser.getIntValue());
            case LONG -> nodes.numberNode(parser.getLongValue());
            default -> nodes.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDecimalValue());
      default -> nodes.nullNode();
    };
  }

  private ObjectNode object(JsonParser parser, String pointer, Parts all) throws IOException {
    ObjectNode object = nodes.objectNode();
    boolean before = keepsLines;
    Parts parts = all;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      int line = parser.currentTokenLocation().getLineNr();
      parser.nextToken();
      if (parts.of(key).isNone()) {
        parser.skipChildren();
        continue;
      }
      String at = keepsLines ? pointer + "/" + Document.escaped(key) : pointer;
      object.set(key, value(parser, at, line, parts.of(key)));
      // Tools write apiVersion and kind first; where they come later, lines are kept in vain.
      if (keepsLines && (key.equals("kind") || key.equals("apiVersion"))) {
        keepsLines = !ObjectLines.areNeedless(pointer, name -> object.path(name).textValue());
        parts = keepsLines ? all : foreign;
      }
    }
    keepsLines = before;
    return object;
  }

  private ArrayNode array(JsonParser parser, String pointer, Parts parts) throws IOException {
    ArrayNode array = nodes.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int line = parser.currentTokenLocation().getLineNr();
      String at = keepsLines ? pointer + "/" + array.size() : pointer;
      array.add(value(parser, at, line, parts));
    }
    return array;
  }

  /** Jackson's message without what it says of itself, and without words of the text. */
  private static String cause(String message) {
    String ours = ASIDE.matcher(message).replaceAll("");
    return OneLine.of(REPEATED.matcher(ours).replaceAll(""));
  }
}
