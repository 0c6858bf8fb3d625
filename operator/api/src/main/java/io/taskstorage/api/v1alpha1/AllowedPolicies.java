package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaced policies a map takes.
 *
 * @param namespaces the namespaces whose policies may attach; default none
 * @param fields the fields those policies may set; absent = none
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AllowedPolicies(
    @Nullable AllowedNamespaces namespaces,
    @Nullable List<String> fields,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public AllowedPolicies {
    fields = fields == null ? null : List.copyOf(fields);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
