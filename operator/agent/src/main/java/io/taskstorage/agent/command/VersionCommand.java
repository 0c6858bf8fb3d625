package io.taskstorage.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Which version this is, and of what it runs on. */
@Command(name = "version", description = "Prints the version, and those of Java and the kernel.")
public final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("taskstorage " + version());
    out.println("Java " + Runtime.version());
    out.println(System.getProperty("os.name") + " " + kernel());
    out.flush();
  }

  /** The version of this build. */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("read version.properties: not in the jar: build it again");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("read version.properties: " + e.getMessage(), e);
    }
    return properties.getProperty("version", "unknown");
  }

  /** The running kernel and machine, for people: nothing is decided by it. */
  public static String kernel() {
    return System.getProperty("os.version") + " " + System.getProperty("os.arch");
  }
}
