package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TaskStoragePolicy} asks for.
 *
 * @param targetRefs the map that the values are for; exactly one
 * @param priority 0 to 1000, lower first; default 500
 * @param subject whose tasks carry the values
 * @param values 1 to 64 field values, each field once
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskStoragePolicySpec(
    @Nullable List<TargetRef> targetRefs,
    @Nullable Integer priority,
    @Nullable PolicySubject subject,
    @Nullable List<PolicyValue> values,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public TaskStoragePolicySpec {
    targetRefs = targetRefs == null ? null : List.copyOf(targetRefs);
    values = values == null ? null : List.copyOf(values);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
