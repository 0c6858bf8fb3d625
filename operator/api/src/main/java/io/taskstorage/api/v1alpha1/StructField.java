package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One member of a map's value struct.
 *
 * @param name a C identifier, unique in the struct
 * @param type {@code U8} to {@code U64}, {@code S8} to {@code S64}, {@code Bool}, {@code Char} or
 *     {@code Bytes}
 * @param length number of elements; absent = one scalar; needed for Char and Bytes
 * @param owner {@code Policy} (default) or {@code Program}: who writes the member
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StructField(
    @Nullable String name,
    @Nullable String type,
    @Nullable Integer length,
    @Nullable String owner,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public StructField {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
