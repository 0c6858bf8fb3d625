package io.taskstorage.controller.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;

/** Where a pod runs, and whether it is Ready. */
@Group("")
@Version("v1")
@Kind("Pod")
@Singular("pod")
@Plural("pods")
@JsonDeserialize(using = SeenPod.Reader.class)
public final class SeenPod extends Seen implements Namespaced {

  private static final long serialVersionUID = 1;

  private final String node;
  private final boolean ready;

  private SeenPod(Metadata metadata, String node, boolean ready) {
    super(metadata);
    // A name for each node, not for each pod.
    this.node = node.intern();
    this.ready = ready;
  }

  /** The node's name; empty before the pod is bound. */
  public String node() {
    return node;
  }

  /** Whether it is Ready. */
  public boolean ready() {
    return ready;
  }

  static final class Reader extends JsonDeserializer<SeenPod> {
    @Override
    public SeenPod deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Metadata[] metadata = {new Metadata()};
      String[] node = {""};
      boolean[] ready = {false};
      Parsing.object(
          parser,
          (name, p) -> {
            switch (name) {
              case "metadata" -> metadata[0] = Parsing.metadata(p, false);
              case "spec" ->
                  Parsing.object(
                      p,
                      (inner, q) -> {
                        if (inner.equals("nodeName")) {
                          node[0] = Parsing.text(q);
                        }
                      });
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
      return new SeenPod(metadata[0], node[0], ready[0]);
    }
  }
}
