package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose tasks carry a namespaced policy's values.
 *
 * @param pods pods of the policy's namespace
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicySubject(
    @Nullable Pods pods, @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public PolicySubject {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
