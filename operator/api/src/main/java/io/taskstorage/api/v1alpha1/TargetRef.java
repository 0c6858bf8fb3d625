package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The map that a policy is for.
 *
 * @param group {@code taskstorage.io}
 * @param kind {@code TaskStorageMap}
 * @param name the map's name
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TargetRef(
    @Nullable String group,
    @Nullable String kind,
    @Nullable String name,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public TargetRef {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
