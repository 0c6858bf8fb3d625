package io.taskstorage.agent.demo;

import io.taskstorage.console.Table;
import io.taskstorage.console.Terminal;
import io.taskstorage.console.Wrapping;
import java.io.PrintWriter;
import java.util.List;

/** How the story reads: chapters, sentences, manifests, what the agent says, tables. */
final class Narrator {
  /** Reads well, and fits 80 columns with the indent. */
  private static final int WIDTH = 76;

  /** What the agent says is longer, and is broken rather late. */
  private static final int AGENT_WIDTH = 88;

  private static final int FACT_WIDTH = 11;
  private static final String INDENT = "  ";
  private static final String AGENT = "agent> ";

  private final PrintWriter out;
  private final Terminal terminal;
  private int chapters;
  private boolean isBlank;

  Narrator(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** The very first line: which plane this is. */
  void plane(String plane) {
    line(terminal.bold("plane: " + plane));
  }

  /** What is not as it would be for root on a recent kernel. */
  void banner(String text) {
    Wrapping.lines(text, WIDTH).forEach(line -> line(terminal.warn("! " + line)));
  }

  void chapter(String title) {
    chapters++;
    heading(chapters + ". " + title);
  }

  /** A heading without a number. */
  void heading(String title) {
    blank();
    line(terminal.bold(terminal.accent(title)));
    blank();
  }

  /** Plain words, wrapped. */
  void say(String text) {
    Wrapping.lines(text, WIDTH).forEach(line -> line(INDENT + line));
  }

  /** A name and what it stands for. */
  void fact(String name, String value) {
    line(INDENT + name + " ".repeat(FACT_WIDTH - name.length()) + value);
  }

  /** A manifest as it lies in the folder. */
  void manifest(String file, String text) {
    file(file);
    text.lines().forEach(line -> fileLine(line));
    blank();
  }

  /** One line of a file becomes another. */
  void difference(String file, String before, String after) {
    file(file);
    fileLine(terminal.bad("-   " + before));
    fileLine(terminal.good("+   " + after));
    blank();
  }

  /** What somebody types. */
  void command(String text) {
    blank();
    line(INDENT + terminal.bold("$ " + text));
  }

  /** What the agent reports: the lines that {@code run} prints. */
  void agent(List<String> said) {
    blank();
    for (String text : said) {
      List<String> lines = Wrapping.lines(Table.printable(text), AGENT_WIDTH - AGENT.length());
      line(INDENT + terminal.good(AGENT) + lines.getFirst());
      lines.stream().skip(1).forEach(line -> line(INDENT + " ".repeat(AGENT.length() + 2) + line));
    }
  }

  void table(Table table) {
    blank();
    table.print(out, terminal, INDENT);
    isBlank = false;
    blank();
  }

  /** An empty line, unless there is one already. */
  void blank() {
    if (!isBlank) {
      line("");
      isBlank = true;
    }
  }

  private void file(String name) {
    blank();
    line(INDENT + terminal.dim("# " + name));
  }

  private void fileLine(String text) {
    line(INDENT + terminal.dim("| ") + text);
  }

  private void line(String text) {
    out.println(text);
    out.flush();
    isBlank = false;
  }
}
