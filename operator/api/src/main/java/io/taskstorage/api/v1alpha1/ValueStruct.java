package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The C struct of a map's value.
 *
 * @param typeName the struct's tag, a C identifier
 * @param fields 1 to 64 members; their order is the C layout
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ValueStruct(
    @Nullable String typeName,
    @Nullable List<StructField> fields,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public ValueStruct {
    fields = fields == null ? null : List.copyOf(fields);
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
