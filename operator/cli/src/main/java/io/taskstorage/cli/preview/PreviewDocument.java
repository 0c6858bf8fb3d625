package io.taskstorage.cli.preview;

import com.fasterxml.jackson.core.JsonGenerator;
import io.taskstorage.cli.preview.Difference.Changed;
import io.taskstorage.cli.preview.Difference.FieldChange;
import io.taskstorage.cli.preview.Difference.Side;
import io.taskstorage.cli.preview.Preview.Carrier;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.Tier;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes previews and differences for programs, one carrier after the other, so that no document of
 * ten thousand pods stands in memory. The same calls make JSON and YAML. What is absent is left
 * out.
 */
public final class PreviewDocument {
  private final JsonGenerator json;

  /** Writes to a generator that its owner closes. */
  public PreviewDocument(JsonGenerator json) {
    this.json = json;
  }

  /** The properties {@code carriers} and {@code policies} of the object that is open. */
  public void write(Preview preview) throws IOException {
    json.writeArrayFieldStart("carriers");
    for (Carrier carrier : preview.grouped()) {
      json.writeStartObject();
      subject(carrier.subject(), carrier.nodes());
      json.writeArrayFieldStart("values");
      for (Map.Entry<String, ResolvedValue> value : carrier.values().entrySet()) {
        AcceptedMap map = preview.maps().get(value.getKey());
        if (map != null) {
          value(map, value.getValue());
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("policies");
    for (PolicyReach reach : preview.policies()) {
      json.writeStartObject();
      policy(reach.policy().key(), reach.policy().tier(), reach.policy().priority());
      json.writeStringField("map", reach.policy().map());
      json.writeNumberField("carriers", reach.carriers());
      texts("decides", reach.decides());
      texts("overridden", reach.overridden());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** The property {@code changes} of the object that is open. */
  public void write(Difference difference) throws IOException {
    json.writeArrayFieldStart("changes");
    for (Changed changed : difference.changed()) {
      json.writeStartObject();
      subject(changed.subject(), changed.nodes());
      json.writeArrayFieldStart("fields");
      for (FieldChange field : changed.fields()) {
        json.writeStartObject();
        json.writeStringField("map", field.map());
        json.writeStringField("name", field.field());
        side("now", field.now());
        side("then", field.then());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** A list of texts as a property of the object that is open. */
  public void texts(String property, List<String> texts) throws IOException {
    json.writeArrayFieldStart(property);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** A record as a property of the object that is open. */
  public void record(String property, Record record) throws IOException {
    json.writeFieldName(property);
    json.writePOJO(record);
  }

  private void side(String property, Optional<Side> side) throws IOException {
    if (side.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(property);
    json.writeStringField("value", side.get().value());
    json.writeStringField("bytes", side.get().hex());
    candidate("policy", side.get().winner());
    json.writeEndObject();
  }

  private void subject(PreviewSubject subject, List<String> nodes) throws IOException {
    switch (subject) {
      case PreviewSubject.OfPod pod -> {
        pod(pod.namespace(), pod.name(), pod.uid());
        json.writeEndObject();
      }
      case PreviewSubject.OfContainer container -> {
        pod(container.namespace(), container.pod(), container.uid());
        json.writeEndObject();
        json.writeObjectFieldStart("container");
        json.writeStringField("name", container.name());
        json.writeStringField("kind", container.kind().toString());
        json.writeEndObject();
      }
      case PreviewSubject.OfUnit unit -> {
        json.writeObjectFieldStart("host");
        json.writeStringField("unit", unit.name());
        text("path", unit.path());
        json.writeEndObject();
      }
      case PreviewSubject.OfCgroup cgroup -> {
        json.writeObjectFieldStart("host");
        json.writeStringField("path", cgroup.path());
        json.writeEndObject();
      }
    }
    texts("nodes", nodes);
  }

  private void pod(String namespace, String name, String uid) throws IOException {
    json.writeObjectFieldStart("pod");
    json.writeStringField("namespace", namespace);
    json.writeStringField("name", name);
    text("uid", uid);
  }

  private void value(AcceptedMap map, ResolvedValue value) throws IOException {
    json.writeStartObject();
    json.writeStringField("map", map.name());
    json.writeStringField("bytes", value.value().toHex());
    json.writeArrayFieldStart("fields");
    for (Explanation explanation : value.explanations()) {
      PlacedField placed = map.layout().field(explanation.field()).orElseThrow();
      byte[] bytes = value.value().fieldBytes(placed);
      json.writeStartObject();
      json.writeStringField("name", explanation.field());
      json.writeStringField("value", Literal.decode(placed.field(), bytes));
      json.writeStringField("bytes", HexFormat.of().formatHex(bytes));
      candidate("policy", explanation.winner());
      if (explanation.zeroBecause().isPresent()) {
        json.writeStringField("zeroBecause", explanation.zeroBecause().get());
      }
      if (!explanation.losers().isEmpty()) {
        json.writeArrayFieldStart("before");
        for (Explanation.Loser loser : explanation.losers()) {
          json.writeStartObject();
          candidate(loser.candidate());
          json.writeStringField("by", PreviewTable.rule(loser.lostBy()));
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void candidate(String property, Optional<Explanation.Candidate> candidate)
      throws IOException {
    if (candidate.isPresent()) {
      json.writeObjectFieldStart(property);
      candidate(candidate.get());
      json.writeEndObject();
    }
  }

  private void candidate(Explanation.Candidate candidate) throws IOException {
    policy(candidate.policy(), candidate.tier(), candidate.priority());
  }

  private void policy(PolicyKey key, Tier tier, int priority) throws IOException {
    text("namespace", key.namespace());
    json.writeStringField("name", key.name());
    json.writeStringField("tier", tier.wireName());
    json.writeNumberField("priority", priority);
  }

  private void text(String property, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(property, text);
    }
  }
}
