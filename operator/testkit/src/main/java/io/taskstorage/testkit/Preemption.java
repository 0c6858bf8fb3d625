package io.taskstorage.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Whether this kernel may put a task aside in the midst of a system call. */
public final class Preemption {
  private static final Path CHOSEN = Path.of("/sys/kernel/debug/sched/preempt");
  private static final Path COMMAND_LINE = Path.of("/proc/cmdline");
  private static final Path CONFIGURATION = Path.of("/proc/config.gz");
  private static final Path VERSION = Path.of("/proc/version");

  /** The mode in force is the one in brackets: {@code none voluntary (full) lazy}. */
  private static final Pattern IN_BRACKETS = Pattern.compile("\\((\\w+)\\)");

  private static final Pattern AT_START = Pattern.compile("(?:^|\\s)preempt=(\\w+)");
  private static final Pattern BUILT_IN = Pattern.compile("(?m)^CONFIG_PREEMPT(|_LAZY|_RT)=y$");
  private static final Pattern ALWAYS = Pattern.compile("\\bPREEMPT(_RT)?\\b(?!_)");
  private static final String FULL = "full";
  private static final Pattern MODES = Pattern.compile("full|lazy");

  private Preemption() {}

  /**
   * Asks the kernel: what is in force as the scheduler's file says, which root sees where debugfs
   * is mounted; else what it was started with; else how it was built.
   */
  public static boolean isEverywhere() {
    return isEverywhere(text(CHOSEN), text(COMMAND_LINE), configuration(), text(VERSION));
  }

  /**
   * Whether it does so as soon as another task is to run, and not only after a while ({@code full},
   * not {@code lazy}).
   */
  public static boolean isAtOnce() {
    return FULL.equals(mode(text(CHOSEN), text(COMMAND_LINE), configuration(), text(VERSION)));
  }

  /** The same from the texts of those files, empty where there is none. */
  static boolean isEverywhere(
      String chosen, String commandLine, String configuration, String version) {
    return MODES.matcher(mode(chosen, commandLine, configuration, version)).matches();
  }

  /** How it preempts, by the kernel's names for that; {@code none} if nothing tells. */
  static String mode(String chosen, String commandLine, String configuration, String version) {
    Matcher inForce = IN_BRACKETS.matcher(chosen);
    if (inForce.find()) {
      return inForce.group(1);
    }
    Matcher atStart = AT_START.matcher(commandLine);
    String started = "";
    while (atStart.find()) {
      started = atStart.group(1);
    }
    if (version.contains("PREEMPT_DYNAMIC") && !started.isEmpty()) {
      return started;
    }
    Matcher builtIn = BUILT_IN.matcher(configuration);
    if (builtIn.find()) {
      return builtIn.group(1).equals("_LAZY") ? "lazy" : FULL;
    }
    return ALWAYS.matcher(version).find() ? FULL : "none";
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static String configuration() {
    try (GZIPInputStream unpacked =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(CONFIGURATION)))) {
      return new String(unpacked.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
