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

/** A namespace's labels. */
@Group("")
@Version("v1")
@Kind("Namespace")
@Singular("namespace")
@Plural("namespaces")
@JsonDeserialize(using = SeenNamespace.Reader.class)
public final class SeenNamespace extends Seen {

  private static final long serialVersionUID = 1;

  private final transient Map<String, String> labels;

  private SeenNamespace(Metadata metadata) {
    super(metadata);
    this.labels = Map.copyOf(metadata.labels);
  }

  /** Its labels. */
  public Map<String, String> labels() {
    return labels;
  }

  static final class Reader extends JsonDeserializer<SeenNamespace> {
    @Override
    public SeenNamespace deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Metadata[] metadata = {new Metadata()};
      Parsing.object(
          parser,
          (name, p) -> {
            if (name.equals("metadata")) {
              metadata[0] = Parsing.metadata(p, false);
            }
          });
      return new SeenNamespace(metadata[0]);
    }
  }
}
