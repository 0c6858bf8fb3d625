package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value struct as a C compiler lays it out.
 *
 * @param sizeBytes size with padding
 * @param alignmentBytes alignment of the struct
 * @param digest {@code sha256:} and 64 hexadecimal digits
 * @param fields where each field lies
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LayoutStatus(
    @Nullable Integer sizeBytes,
    @Nullable Integer alignmentBytes,
    @Nullable String digest,
    @Nullable List<FieldOffset> fields) {

  /** Copies, so that nobody can change what was accepted. */
  public LayoutStatus {
    fields = fields == null ? null : List.copyOf(fields);
  }
}
