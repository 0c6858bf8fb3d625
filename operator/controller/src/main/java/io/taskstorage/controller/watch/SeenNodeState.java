package io.taskstorage.controller.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.NodeAgent;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.TaskStorageNodeState;
import io.taskstorage.controller.aggregate.NodeReport;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node reports, on which boot, and which Node owns its state. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(TaskStorageNodeState.KIND)
@Singular("taskstoragenodestate")
@Plural("taskstoragenodestates")
@JsonDeserialize(using = SeenNodeState.Reader.class)
public final class SeenNodeState extends Seen {

  private static final long serialVersionUID = 1;

  private final String ownerUid;
  private final String bootId;
  private final transient @Nullable NodeReport report;

  private SeenNodeState(Metadata metadata, Reported reported) {
    super(metadata);
    this.ownerUid = metadata.ownerUid;
    this.bootId = reported.bootId();
    this.report = reported.report();
  }

  /** What a status says. */
  private record Reported(@Nullable NodeReport report, String bootId) {
    static final Reported NOTHING = new Reported(null, "");

    static Reported of(NodeStateStatus status) {
      NodeAgent agent = status.agent();
      return new Reported(
          NodeReport.of(status),
          agent == null ? "" : Objects.requireNonNullElse(agent.bootID(), ""));
    }
  }

  /** The uid of the Node that owns it; empty if none does. */
  public String ownerUid() {
    return ownerUid;
  }

  /** The boot of the node on which its agent has acted; empty until it says so. */
  public String bootId() {
    return bootId;
  }

  /** What is reported; empty until something is, and if it cannot be read. */
  public Optional<NodeReport> report() {
    return Optional.ofNullable(report);
  }

  static final class Reader extends JsonDeserializer<SeenNodeState> {
    private static final JsonMapper MAPPER = new JsonMapper();

    @Override
    public SeenNodeState deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      Metadata[] metadata = {new Metadata()};
      Reported[] reported = {Reported.NOTHING};
      Parsing.object(
          parser,
          (name, p) -> {
            switch (name) {
              case "metadata" -> metadata[0] = Parsing.metadata(p, true);
              case "status" -> reported[0] = reported(MAPPER.readTree(p));
              default -> {}
            }
          });
      return new SeenNodeState(metadata[0], reported[0]);
    }

    /** Nothing for a status that no type of this version can hold: its node waits. */
    private static Reported reported(JsonNode status) {
      try {
        return Reported.of(MAPPER.treeToValue(status, NodeStateStatus.class));
      } catch (IOException | IllegalArgumentException e) {
        return Reported.NOTHING;
      }
    }
  }
}
