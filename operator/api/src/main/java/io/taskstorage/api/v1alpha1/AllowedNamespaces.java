package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces whose policies may attach to a map.
 *
 * @param from {@code All}, {@code Selector} or {@code None} (default)
 * @param selector labels of the namespaces, if and only if {@code from} is {@code Selector}
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AllowedNamespaces(
    @Nullable String from,
    @Nullable LabelSelector selector,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public AllowedNamespaces {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
