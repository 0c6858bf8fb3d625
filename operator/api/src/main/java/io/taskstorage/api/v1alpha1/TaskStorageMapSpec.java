package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TaskStorageMap} asks for.
 *
 * @param bpfName name of the kernel's map and of its public pin: 1 to 15 characters of a C
 *     identifier
 * @param value the C struct that every entry holds
 * @param nodeSelector nodes that get the map; absent or empty = all
 * @param reclaimPolicy {@code Delete} (default) or {@code Retain}: what happens to the pin when the
 *     object goes
 * @param maxFailedNodes how many failed nodes leave the map ready: a number, or a percentage of the
 *     expected nodes rounded down; default 0
 * @param allowedPolicies which namespaces may attach policies, and to which fields; default none
 * @param unknownFields what a newer version sent and this one does not know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskStorageMapSpec(
    @Nullable String bpfName,
    @Nullable ValueStruct value,
    @Nullable LabelSelector nodeSelector,
    @Nullable String reclaimPolicy,
    @Nullable IntOrString maxFailedNodes,
    @Nullable AllowedPolicies allowedPolicies,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> unknownFields)
    implements SpecPart {

  /** Copies, so that nobody can change what was accepted. */
  public TaskStorageMapSpec {
    unknownFields = UnknownFields.copyOf(unknownFields);
  }
}
