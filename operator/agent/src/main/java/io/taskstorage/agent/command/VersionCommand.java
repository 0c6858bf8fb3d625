package io.taskstorage.agent.command;

import io.taskstorage.console.Version;
import java.io.PrintWriter;
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
    out.println("taskstorage " + Version.text());
    out.println("Java " + Runtime.version());
    out.println(System.getProperty("os.name") + " " + kernel());
    out.flush();
  }

  /** The running kernel and machine, for people: nothing is decided by it. */
  public static String kernel() {
    return System.getProperty("os.version") + " " + System.getProperty("os.arch");
  }
}
