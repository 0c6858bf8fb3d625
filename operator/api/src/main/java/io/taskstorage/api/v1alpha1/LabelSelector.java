package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Labels that an object must have: all of both parts. Empty takes every object.
 *
 * @param matchLabels labels with exactly these values
 * @param matchExpressions further requirements
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LabelSelector(
    @Nullable Map<String, String> matchLabels,
    @Nullable List<LabelSelectorRequirement> matchExpressions,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public LabelSelector {
    matchLabels = matchLabels == null ? null : Map.copyOf(matchLabels);
    matchExpressions = matchExpressions == null ? null : List.copyOf(matchExpressions);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }

  /** Takes every object. */
  public static final LabelSelector EVERYTHING = new LabelSelector(null, null, Map.of());
}
