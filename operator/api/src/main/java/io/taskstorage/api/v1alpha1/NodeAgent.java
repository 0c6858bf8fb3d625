package io.taskstorage.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a node and what it found there.
 *
 * @param version its own version
 * @param kernelVersion as {@code uname -r} prints it
 * @param bootID the kernel's name for the boot on which this was found, as the Node's {@code
 *     status.nodeInfo.bootID} has it
 * @param propagation {@code InKernel} or {@code Rescan}; a reader takes any other word for Rescan
 * @param features at most 32 words for what was probed and found
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeAgent(
    @Nullable String version,
    @Nullable String kernelVersion,
    @Nullable String bootID,
    @Nullable String propagation,
    @Nullable List<String> features) {

  /** Copies, so that nobody can change what was reported. */
  public NodeAgent {
    features = features == null ? null : List.copyOf(features);
  }
}
