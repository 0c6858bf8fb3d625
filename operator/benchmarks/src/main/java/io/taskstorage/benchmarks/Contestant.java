package io.taskstorage.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A process that makes one round of its work for each line that it is sent. */
final class Contestant implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  private Contestant(String name, Process process) {
    this.name = name;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Contestant start(String name, List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      return new Contestant(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("start " + name + ": " + e.getMessage(), e);
    }
  }

  /** Waits for the line "ready". */
  Contestant awaitReady() {
    String line = readLine();
    if (!line.equals("ready")) {
      throw new IllegalStateException(name + ": \"ready\" expected: " + line);
    }
    return this;
  }

  /** One round: what it measured, by name, in nanoseconds or bytes. */
  SequencedMap<String, Double> round() {
    return round("round");
  }

  /** One round of a contestant that is told by a line what to measure. */
  SequencedMap<String, Double> round(String line) {
    try {
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("ask " + name + ": " + e.getMessage(), e);
    }
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    for (String pair : readLine().split(" ", -1)) {
      int equals = pair.indexOf('=');
      figures.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
    }
    return figures;
  }

  private String readLine() {
    try {
      String line = output.readLine();
      if (line == null) {
        throw new IllegalStateException(name + ": ended instead of answering");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("read " + name + ": " + e.getMessage(), e);
    }
  }

  /** Rounds in turn, the first of each not counted; the pairs by figure. */
  static Map<String, Pairs> inTurn(Contestant java, Contestant c, int rounds) {
    Map<String, Pairs> pairs = new LinkedHashMap<>();
    for (int i = 0; i <= rounds; i++) {
      Map<String, Double> ofJava = java.round();
      Map<String, Double> ofC = c.round();
      if (i > 0) {
        Pairs.add(pairs, ofJava, ofC);
      }
    }
    return pairs;
  }

  @Override
  public void close() {
    end(process, input);
  }

  /** Ends a process that goes on while its input is open, and waits for it. */
  static void end(Process process, Writer input) {
    try {
      input.close();
      process.waitFor();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
