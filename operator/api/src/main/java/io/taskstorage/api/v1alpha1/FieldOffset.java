package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where one field of the value struct lies.
 *
 * @param name the field
 * @param offsetBytes from the start of the struct
 * @param sizeBytes of all its elements
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldOffset(
    @Nullable String name, @Nullable Integer offsetBytes, @Nullable Integer sizeBytes) {}
