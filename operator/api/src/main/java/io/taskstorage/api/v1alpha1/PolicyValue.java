package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field and where its value comes from: exactly one of {@code value} and {@code valueFrom}.
 *
 * @param field name of the map's field
 * @param value the value as text, for every field type
 * @param valueFrom a value computed per pod
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyValue(
    @Nullable String field,
    @Nullable String value,
    @Nullable ValueFrom valueFrom,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public PolicyValue {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }

  /** Without the value and what is not known: they may be nobody else's business. */
  @Override
  public String toString() {
    return "PolicyValue[%s]".formatted(field);
  }
}
