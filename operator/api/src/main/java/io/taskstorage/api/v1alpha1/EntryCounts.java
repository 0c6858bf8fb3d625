package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How many values a map holds, on one node or over all.
 *
 * @param pods pods with values
 * @param containers containers with values of their own
 * @param tasks tasks with an entry
 * @param late entries that came only after the task had run, since the map was made
 * @param failed tasks without their right value now
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EntryCounts(
    @Nullable Integer pods,
    @Nullable Integer containers,
    @Nullable Long tasks,
    @Nullable Long late,
    @Nullable Long failed) {}
