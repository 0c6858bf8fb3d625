package io.taskstorage.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far the kernel is locked down against its own root. Any thread may use it. */
public final class Lockdown {
  private static final Path FILE = Path.of("/sys/kernel/security/lockdown");

  /** The mode in force is the one in brackets: {@code none [integrity] confidentiality}. */
  private static final Pattern IN_BRACKETS = Pattern.compile("\\[(\\w+)]");

  private Lockdown() {}

  /**
   * The mode in force, by the kernel's name for it: {@code none}, {@code integrity} or {@code
   * confidentiality}. Empty where nobody tells: securityfs is not mounted, or the kernel cannot be
   * locked down.
   */
  public static Optional<String> mode() {
    return mode(FILE);
  }

  static Optional<String> mode(Path file) {
    try {
      Matcher inForce = IN_BRACKETS.matcher(Files.readString(file));
      return inForce.find() ? Optional.of(inForce.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
