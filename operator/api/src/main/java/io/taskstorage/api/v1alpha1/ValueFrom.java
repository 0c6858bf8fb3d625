package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value computed per pod: exactly one member is set.
 *
 * @param fieldRef one property of the pod
 * @param cel an expression over pod, namespace, node and container
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ValueFrom(
    @Nullable FieldRef fieldRef,
    @Nullable Cel cel,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public ValueFrom {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
