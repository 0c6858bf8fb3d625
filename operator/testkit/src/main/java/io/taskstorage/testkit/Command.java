package io.taskstorage.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program to run: arguments, environment, folder, input. Built by one thread, run any number of
 * times.
 */
public final class Command {
  private final List<String> words;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> unset = new ArrayList<>();
  private @Nullable Path folder;
  private @Nullable String input;

  private Command(List<String> words) {
    this.words = new ArrayList<>(words);
  }

  /** A program, found on the PATH or by its path. */
  public static Command of(String... words) {
    return new Command(List.of(words));
  }

  /** A program and its arguments. */
  public static Command of(List<String> words) {
    return new Command(words);
  }

  /** Adds arguments. */
  public Command arguments(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  /** Puts words before the program: one that runs it otherwise, such as setpriv(1). */
  public Command prefixed(String... prefix) {
    words.addAll(0, List.of(prefix));
    return this;
  }

  /** Sets an environment variable; the rest is this JVM's environment. */
  public Command environment(String name, String value) {
    environment.put(name, value);
    unset.remove(name);
    return this;
  }

  /** Takes a variable out of the environment. */
  public Command withoutEnvironment(String name) {
    unset.add(name);
    environment.remove(name);
    return this;
  }

  /** Where it runs; else where this JVM runs. */
  public Command in(Path workingFolder) {
    folder = workingFolder;
    return this;
  }

  /** What it reads from standard input, up to an end of file; else there is nothing to read. */
  public Command input(String text) {
    input = text;
    return this;
  }

  /** Starts it. */
  public Child start() {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    builder.environment().keySet().removeAll(unset);
    if (folder != null) {
      builder.directory(folder.toFile());
    }
    try {
      return new Child(List.copyOf(words), builder.start(), input == null ? "" : input);
    } catch (IOException e) {
      throw new CommandMissing("run " + words.getFirst() + ": " + e.getMessage(), e);
    }
  }

  /** Runs it to its end. */
  public Outcome run() {
    try (Child child = start()) {
      return child.awaitExit();
    }
  }
}
