package io.taskstorage.policy;

/**
 * What policies can ask of a container.
 *
 * @param name its name, which no other container of the pod has
 * @param image the image as the pod's spec names it
 * @param kind how it belongs to the pod; policies select every kind alike
 */
public record ContainerFacts(String name, String image, ContainerKind kind) {}
