package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expression in the Common Expression Language.
 *
 * @param expression the source text, at most 2048 characters
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Cel(
    @Nullable String expression, @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public Cel {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }

  /** Without the text: it may hold a value, which may be nobody else's business. */
  @Override
  public String toString() {
    return "Cel[]";
  }
}
