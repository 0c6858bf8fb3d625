package io.taskstorage.testkit;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a main class of this class path in a JVM of its own: same JDK, same class path. Finish with
 * {@link #command}, which takes environment, folder and input, then starts it.
 */
public final class ChildJvm {
  private final String mainClass;
  private final List<String> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private String classPath = System.getProperty("java.class.path");

  private ChildJvm(String mainClass) {
    this.mainClass = mainClass;
  }

  /** A class with a main method, by its binary name. */
  public static ChildJvm of(String mainClass) {
    return new ChildJvm(mainClass);
  }

  /** Adds options of the JVM, for example {@code -Xmx64m}. */
  public ChildJvm options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Puts a folder of classes before this class path: they are taken in place of those there. */
  public ChildJvm ahead(Path folder) {
    classPath = folder + File.pathSeparator + classPath;
    return this;
  }

  /** Adds arguments of the program. */
  public ChildJvm arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** The whole command line. */
  public Command command() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    words.add("--enable-native-access=ALL-UNNAMED");
    words.addAll(options);
    words.addAll(List.of("-cp", classPath, mainClass));
    words.addAll(arguments);
    return Command.of(words);
  }

  /** Starts it with this JVM's environment and no input. */
  public Child start() {
    return command().start();
  }

  /** Runs it to its end. */
  public Outcome run() {
    return command().run();
  }
}
