package io.taskstorage.api.v1alpha1;

import java.util.Set;

/**
 * The taint that keeps pods from a node until its agent has acted there: a platform puts it on
 * nodes, the controller takes it away where it was asked to.
 *
 * <p>Its effect is any. Its value is free, except that one of the form of a boot's name, such as
 * {@code 3f4a8a3e-5bb5-4c43-8a4b-9e1f6d0f2a77}, says for which boot of the node it stands.
 */
public final class StartupTaint {

  /** The key. */
  public static final String KEY = "taskstorage.io/agent-not-ready";

  /** The same for cluster autoscalers that know start-up taints by this prefix alone. */
  public static final String AUTOSCALER_KEY =
      "startup-taint.cluster-autoscaler.kubernetes.io/taskstorage-agent-not-ready";

  private static final Set<String> KEYS = Set.of(KEY, AUTOSCALER_KEY);

  private StartupTaint() {}

  /** True for the key of a taint that is one. */
  public static boolean isKey(String key) {
    return KEYS.contains(key);
  }
}
