package io.taskstorage.console;

/** Something that is so, without being good or bad. */
public record Fact(String name, String value) {}
