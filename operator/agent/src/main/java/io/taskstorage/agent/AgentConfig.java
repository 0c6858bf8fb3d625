package io.taskstorage.agent;

import io.taskstorage.policy.NodeFacts;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a standalone agent works on.
 *
 * @param folder the folder of manifests
 * @param interval from one pass over the tasks to the next
 * @param node what selectors can ask of this node
 */
public record AgentConfig(Path folder, Duration interval, NodeFacts node) {}
