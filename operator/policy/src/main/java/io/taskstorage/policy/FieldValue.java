package io.taskstorage.policy;

/**
 * One field that a policy sets.
 *
 * @param field a field of the policy's map that policies own
 * @param source where its value comes from
 */
public record FieldValue(String field, ValueSource source) {}
