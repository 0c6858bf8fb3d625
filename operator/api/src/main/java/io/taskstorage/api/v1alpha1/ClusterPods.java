package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pods of any namespace.
 *
 * @param namespaceSelector labels of the namespaces; needed, empty = all
 * @param podSelector labels of the pods; absent or empty = all
 * @param containerNames containers by name; absent = the whole pod
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterPods(
    @Nullable LabelSelector namespaceSelector,
    @Nullable LabelSelector podSelector,
    @Nullable List<String> containerNames,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public ClusterPods {
    containerNames = containerNames == null ? null : List.copyOf(containerNames);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
