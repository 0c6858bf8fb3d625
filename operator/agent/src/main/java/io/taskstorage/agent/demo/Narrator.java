package io.taskstorage.agent.demo;

import io.taskstorage.agent.print.Table;
import io.taskstorage.agent.print.Terminal;
import io.taskstorage.agent.print.Wrapping;
import java.io.PrintWriter;
import java.util.List;

/** How the story reads: chapters, sentences, manifests, what the agent says, tables. */
final class Narrator {
  /** Fits the narrowest terminal in use, with room for the indent. */
  private static final int WIDTH = 78;

  private static final String INDENT = "  ";

  private final PrintWriter out;
  private final Terminal terminal;
  private int chapters;

  Narrator(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The very first line: which plane this is. */
  void plane(String plane) {
    out.println(terminal.bold("plane: " + plane));
    out.flush();
  }

  /** What is not as it would be for root on a recent kernel. */
  void banner(String text) {
    lines(text).forEach(line -> out.println(terminal.warn("! " + line)));
    out.flush();
  }

  void chapter(String title) {
    chapters++;
    out.println();
    out.println(terminal.bold(terminal.accent(chapters + ". " + title)));
    out.flush();
  }

  /** A heading without a number. */
  void heading(String title) {
    out.println();
    out.println(terminal.bold(terminal.accent(title)));
    out.flush();
  }

  /** Plain words, wrapped. */
  void say(String text) {
    lines(text).forEach(line -> out.println(INDENT + line));
    out.flush();
  }

  /** A manifest as it lies in the folder. */
  void manifest(String file, String text) {
    out.println();
    out.println(INDENT + terminal.dim("-- " + file));
    text.lines().forEach(line -> out.println(INDENT + terminal.dim("| ") + line));
    out.println();
    out.flush();
  }

  /** What somebody types, or does. */
  void command(String text) {
    out.println();
    out.println(INDENT + terminal.bold("$ " + text));
    out.flush();
  }

  /** What the agent reports: the lines that {@code run} prints. */
  void agent(List<String> lines) {
    lines.forEach(line -> out.println(INDENT + terminal.good("agent> ") + line));
    out.flush();
  }

  void table(Table table) {
    out.println();
    table.print(out, terminal, INDENT);
    out.println();
    out.flush();
  }

  /** Nobody reads any more. */
  boolean isUnheard() {
    return out.checkError();
  }

  private static List<String> lines(String text) {
    return Wrapping.lines(text, WIDTH);
  }
}
