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
import java.util.Map;

/** A Node's labels, and whether it is Ready. */
@Group("")
@Version("v1")
@Kind("Node")
@Singular("node")
@Plural("nodes")
@JsonDeserialize(using = SeenNode.Reader.class)
public final class SeenNode extends Seen {

  private static final long serialVersionUID = 1;

  private final transient Map<String, String> labels;
  private final boolean ready;

  private SeenNode(Metadata metadata, boolean ready) {
    super(metadata);
    this.labels = Map.copyOf(metadata.labels);
    this.ready = ready;
  }

  /** Its labels. */
  public Map<String, String> labels() {
    return labels;
  }

  /** Whether it is Ready. */
  public boolean ready() {
    return ready;
  }

  static final class Reader extends JsonDeserializer<SeenNode> {
    @Override
    public SeenNode deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Metadata[] metadata = {new Metadata()};
      boolean[] ready = {false};
      Parsing.object(
          parser,
          (name, p) -> {
            switch (name) {
              case "metadata" -> metadata[0] = Parsing.metadata(p, true);
              case "status" ->
                  Parsing.object(
                      p,
                      (inner, q) -> {
                        if (inner.equals("conditions")) {
                          ready[0] = Parsing.isReady(q);
                        }
                      });
              default -> {}
            }
          });
      return new SeenNode(metadata[0], ready[0]);
    }
  }
}
