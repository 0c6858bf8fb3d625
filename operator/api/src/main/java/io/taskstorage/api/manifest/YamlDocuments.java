package io.taskstorage.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML text as documents with lines. Anchors, aliases and merge keys are resolved as kubectl does;
 * what aliases multiply is bounded, so that a small file cannot become a large one.
 */
final class YamlDocuments {
  /** Levels of mappings and sequences inside each other. */
  static final int MAX_DEPTH = 64;

  private static final String STANDARD_TAGS = "tag:yaml.org,2002:";

  private static final String MEND = ": correct the text";

  /** An anchor or tag may be a value that begins with a * or ! and was meant to be in quotes. */
  private static final Pattern REPEATED =
      Pattern.compile("(?<=undefined alias|tag handle|Global tag is not allowed:|version:) .*");

  private final JsonNodeFactory nodes = JsonNodeFactory.instance;
  private final int maxParts;
  private Map<String, Integer> lines = new HashMap<>();
  private boolean keepsLines = true;
  private int parts;

  private YamlDocuments(int maxParts) {
    this.maxParts = maxParts;
  }

  /**
   * Reads a text, one document after the other.
   *
   * @param maxParts of all documents together, aliases counted as often as they are used
   * @param each gets every document in order; of a text that turns out to be broken they mean
   *     nothing
   */
  static Documents read(String text, int maxParts, Consumer<Document> each) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    StreamReader characters = new StreamReader(text);
    Composer composer = new Composer(new ParserImpl(characters, options), new Resolver(), options);
    try {
      YamlDocuments reader = new YamlDocuments(maxParts);
      for (Node root = next(composer, characters);
          root != null;
          root = next(composer, characters)) {
        reader.lines = new HashMap<>();
        JsonNode json = reader.convert(root, "", lineOf(root), 0);
        if (!json.isNull()) {
          each.accept(new Document(json, "", reader.lines));
        }
      }
      return new Documents.Read();
    } catch (Unsupported e) {
      return new Documents.Broken(e.line, e.problem);
    } catch (MarkedYAMLException e) {
      return broken(e, Math.toIntExact(text.lines().count()));
    } catch (YAMLException e) {
      return new Documents.Broken(1, "not valid YAML: " + cause(e.getMessage()) + MEND);
    }
  }

  /** The next document; null behind the last one. */
  private static @Nullable Node next(Composer composer, StreamReader characters) {
    try {
      return composer.checkNode() ? composer.getNode() : null;
    } catch (IllegalArgumentException e) {
      // The library takes digits of an escape, and the spaces of a tag, without a look at them.
      throw new Unsupported(
          characters.getLine() + 1, "not valid YAML: an escape or a tag that says nothing" + MEND);
    }
  }

  private JsonNode convert(Node node, String pointer, int line, int depth) {
    if (++parts > maxParts) {
      throw new Unsupported(
          lineOf(node),
          "more than " + maxParts + " parts with aliases resolved: write fewer or use no aliases");
    }
    if (depth > MAX_DEPTH) {
      throw new Unsupported(
          lineOf(node), "nested deeper than " + MAX_DEPTH + " levels: make it flatter");
    }
    if (keepsLines) {
      lines.put(pointer, line);
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        requireStandardTag(sequence);
        ArrayNode array = nodes.arrayNode();
        for (Node item : sequence.getValue()) {
          array.add(convert(item, pointer + "/" + array.size(), lineOf(item), depth + 1));
        }
        yield array;
      }
      case MappingNode mapping -> {
        requireStandardTag(mapping);
        yield object(mapping, pointer, depth);
      }
      default -> throw new Unsupported(lineOf(node), "not valid YAML: unknown kind of node" + MEND);
    };
  }

  private ObjectNode object(MappingNode mapping, String pointer, int depth) {
    Map<String, NodeTuple> entries = entries(mapping, depth);
    boolean before = keepsLines;
    keepsLines = before && !ObjectLines.areNeedless(pointer, key -> text(entries.get(key)));
    ObjectNode object = nodes.objectNode();
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      NodeTuple tuple = entry.getValue();
      String at = keepsLines ? pointer + "/" + Document.escaped(entry.getKey()) : pointer;
      int keyLine = lineOf(tuple.getKeyNode());
      object.set(entry.getKey(), convert(tuple.getValueNode(), at, keyLine, depth + 1));
    }
    keepsLines = before;
    return object;
  }

  private static @Nullable String text(@Nullable NodeTuple tuple) {
    return tuple != null && tuple.getValueNode() instanceof ScalarNode scalar
        ? scalar.getValue()
        : null;
  }

  private JsonNode scalar(ScalarNode scalar) {
    requireStandardTag(scalar);
    String text = scalar.getValue();
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return nodes.textNode(text);
    }
    // The parser tags a plain scalar itself; !!str on something else was written by the user.
    boolean saidText = scalar.getTag().equals(Tag.STR);
    JsonNode plain = Scalars.plain(text);
    return saidText && !text.isEmpty() && isWrittenTag(scalar) ? nodes.textNode(text) : plain;
  }

  /** True where the tag is not what the parser would have given this text by itself. */
  private static boolean isWrittenTag(ScalarNode scalar) {
    Tag implicit =
        new Resolver().resolve(org.yaml.snakeyaml.nodes.NodeId.scalar, scalar.getValue(), true);
    return !scalar.getTag().equals(implicit);
  }

  /** The mapping's own keys, then those that merge keys bring and that are not there yet. */
  private Map<String, NodeTuple> entries(MappingNode mapping, int depth) {
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode key)) {
        throw new Unsupported(
            lineOf(keyNode), "a key must be text: put text with braces in quotes");
      }
      if (key.getTag().equals(Tag.MERGE)) {
        merged.add(tuple.getValueNode());
        continue;
      }
      NodeTuple first = entries.putIfAbsent(key.getValue(), tuple);
      if (first != null) {
        throw new Unsupported(
            lineOf(key),
            "key %s is already on line %d: keep one of them"
                .formatted(OneLine.name(key.getValue()), lineOf(first.getKeyNode())));
      }
    }
    merged.forEach(source -> merge(source, entries, depth + 1));
    return entries;
  }

  private void merge(Node source, Map<String, NodeTuple> into, int depth) {
    if (depth > MAX_DEPTH || ++parts > maxParts) {
      throw new Unsupported(
          lineOf(source),
          "merge keys nested deeper than " + MAX_DEPTH + " levels: make it flatter");
    }
    switch (source) {
      case MappingNode mapping -> entries(mapping, depth).forEach(into::putIfAbsent);
      case SequenceNode several -> several.getValue().forEach(each -> merge(each, into, depth + 1));
      default -> throw new Unsupported(lineOf(source), "a merge key needs a mapping: give it one");
    }
  }

  private static void requireStandardTag(Node node) {
    if (!node.getTag().getValue().startsWith(STANDARD_TAGS)) {
      throw new Unsupported(
          lineOf(node),
          "a tag that is not known: leave it out, or put text that begins with ! in quotes");
    }
  }

  private static int lineOf(Node node) {
    return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
  }

  /** What is missing at the end is told for the last line, not for the one behind it. */
  private static Documents broken(MarkedYAMLException e, int lastLine) {
    int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
    int from = e.getContextMark() == null ? line : e.getContextMark().getLine() + 1;
    String begin = from < line ? " (for what begins on line %d)".formatted(from) : "";
    return new Documents.Broken(
        Math.min(line, lastLine), "not valid YAML: " + cause(e.getProblem()) + begin + MEND);
  }

  /** The library's message without the words of the text that it repeats. */
  private static String cause(@Nullable String message) {
    String first = String.valueOf(message).lines().findFirst().orElse("unreadable");
    return OneLine.of(REPEATED.matcher(first).replaceAll(""));
  }

  /** Carries a line and a sentence out of the recursion; never leaves this class. */
  private static final class Unsupported extends RuntimeException {
    private final int line;
    private final String problem;

    Unsupported(int line, String problem) {
      super(problem, null, false, false);
      this.line = line;
      this.problem = problem;
    }
  }
}
