package io.taskstorage.controller.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Node's labels and taints, whether it is Ready, and which boot of it this is. */
@Group("")
@Version("v1")
@Kind("Node")
@Singular("node")
@Plural("nodes")
@JsonDeserialize(using = SeenNode.Reader.class)
public final class SeenNode extends Seen {

  private static final long serialVersionUID = 1;

  private final transient Map<String, String> labels;
  private final transient List<SeenTaint> taints;
  private final boolean ready;
  private final String bootId;

  private SeenNode(Metadata metadata, List<SeenTaint> taints, boolean ready, String bootId) {
    super(metadata);
    this.labels = Map.copyOf(metadata.labels);
    this.taints = List.copyOf(taints);
    this.ready = ready;
    this.bootId = bootId;
  }

  /** Its labels. */
  public Map<String, String> labels() {
    return labels;
  }

  /** All of its taints, in their order. */
  public List<SeenTaint> taints() {
    return taints;
  }

  /** Whether it is Ready. */
  public boolean ready() {
    return ready;
  }

  /** The boot of which its kubelet has told last; empty until it has. */
  public String bootId() {
    return bootId;
  }

  static final class Reader extends JsonDeserializer<SeenNode> {
    @Override
    public SeenNode deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Metadata[] metadata = {new Metadata()};
      List<SeenTaint> taints = new ArrayList<>();
      boolean[] ready = {false};
      String[] bootId = {""};
      Parsing.object(
          parser,
          (name, p) -> {
            switch (name) {
              case "metadata" -> metadata[0] = Parsing.metadata(p, true);
              case "spec" ->
                  Parsing.object(
                      p,
                      (inner, q) -> {
                        if (inner.equals("taints")) {
                          taints.addAll(taints(q));
                        }
                      });
              case "status" ->
                  Parsing.object(
                      p,
                      (inner, q) -> {
                        switch (inner) {
                          case "conditions" -> ready[0] = Parsing.isReady(q);
                          case "nodeInfo" -> bootId[0] = bootId(q);
                          default -> {}
                        }
                      });
              default -> {}
            }
          });
      return new SeenNode(metadata[0], taints, ready[0], bootId[0]);
    }

    private static List<SeenTaint> taints(JsonParser parser) throws IOException {
      List<SeenTaint> taints = new ArrayList<>();
      Map<String, String> texts = new HashMap<>();
      Parsing.objects(
          parser,
          (name, p) -> texts.put(name, Parsing.text(p)),
          () -> {
            taints.add(
                new SeenTaint(
                    texts.getOrDefault("key", ""),
                    texts.getOrDefault("value", ""),
                    texts.getOrDefault("effect", ""),
                    texts.getOrDefault("timeAdded", "")));
            texts.clear();
          });
      return taints;
    }

    private static String bootId(JsonParser parser) throws IOException {
      String[] bootId = {""};
      Parsing.object(
          parser,
          (name, p) -> {
            if (name.equals("bootID")) {
              bootId[0] = Parsing.text(p);
            }
          });
      return bootId[0];
    }
  }
}
