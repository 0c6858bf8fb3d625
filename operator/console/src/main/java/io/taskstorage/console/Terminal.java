package io.taskstorage.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How text may look where it goes. On a terminal: colours (unless {@code NO_COLOR} is set, see
 * no-color.org, or {@code TERM=dumb}) and lines that are redrawn. In a pipe or a file: neither.
 */
public record Terminal(boolean interactive, boolean colours) {
  /** A pipe or a file: plain text, line by line. */
  public static final Terminal PLAIN = new Terminal(false, false);

  private static final String ESCAPE = "\u001b[";

  /** The process's standard output. */
  public static Terminal ofStandardOutput() {
    return of(System.getenv(), isTerminal(Path.of("/proc/self/fd/1")));
  }

  static Terminal of(Map<String, String> environment, boolean isTerminal) {
    boolean refused =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || "dumb".equals(environment.get("TERM"));
    return new Terminal(isTerminal, isTerminal && !refused);
  }

  /**
   * Whether a descriptor's link names a terminal; asked of /proc because no native call is needed.
   */
  private static boolean isTerminal(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  public String bold(String text) {
    return styled("1", text);
  }

  public String dim(String text) {
    return styled("2", text);
  }

  /** Something is as it should be. */
  public String good(String text) {
    return styled("32", text);
  }

  /** Something deserves a look. */
  public String warn(String text) {
    return styled("33", text);
  }

  /** Something is wrong. */
  public String bad(String text) {
    return styled("31", text);
  }

  /** Something to be found again: a name, a heading. */
  public String accent(String text) {
    return styled("36", text);
  }

  /** Goes back to the start of the line and clears it; nothing where lines cannot be redrawn. */
  public String clearLine() {
    return interactive ? "\r" + ESCAPE + "K" : "";
  }

  private String styled(String code, String text) {
    return colours && !text.isEmpty() ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
  }
}
