package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One requirement of a {@link LabelSelector}.
 *
 * @param key the label's key
 * @param operator {@code In}, {@code NotIn}, {@code Exists} or {@code DoesNotExist}
 * @param values needed by In and NotIn, not allowed with the others
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LabelSelectorRequirement(
    @Nullable String key,
    @Nullable String operator,
    @Nullable List<String> values,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public LabelSelectorRequirement {
    values = values == null ? null : List.copyOf(values);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
