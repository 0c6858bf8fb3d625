package io.taskstorage.controller.world;

import io.taskstorage.api.v1alpha1.NodeStateStatus;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node as the API shows it.
 *
 * @param namespaces those of the pods that run on it
 */
public record PlainNode(
    String name,
    Map<String, String> labels,
    boolean ready,
    boolean agentReady,
    Set<String> namespaces,
    @Nullable NodeStateStatus state) {}
