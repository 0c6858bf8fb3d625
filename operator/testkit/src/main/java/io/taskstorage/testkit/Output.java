package io.taskstorage.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a child writes to one of its streams, read line by line as it comes. */
final class Output {
  static final String THREAD = "child output";

  private final StringBuilder text = new StringBuilder();
  private final Thread reader;
  private boolean ended;

  Output(BufferedReader stream) {
    reader = Thread.ofPlatform().daemon().name(THREAD).start(() -> read(stream));
  }

  synchronized String text() {
    return text.toString();
  }

  void awaitEnd() throws InterruptedException {
    reader.join(Limits.GENEROUS);
  }

  /** Looks at every whole line, those that are there first, until one has the pattern. */
  synchronized Matcher await(Pattern pattern, Function<String, AssertionError> failure)
      throws InterruptedException {
    long end = System.nanoTime() + Limits.GENEROUS.toNanos();
    int seen = 0;
    while (true) {
      for (int newline; (newline = text.indexOf("\n", seen)) >= 0; seen = newline + 1) {
        Matcher matcher = pattern.matcher(text.substring(seen, newline));
        if (matcher.find()) {
          return matcher;
        }
      }
      if (ended) {
        throw failure.apply("ended without the line");
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw failure.apply("no such line within " + Limits.GENEROUS);
      }
      wait(left / 1_000_000 + 1);
    }
  }

  private void read(BufferedReader stream) {
    try (stream) {
      for (String line; (line = stream.readLine()) != null; ) {
        append(line + "\n");
      }
    } catch (IOException e) {
      append("(cut off: " + e.getMessage() + ")\n");
    } finally {
      end();
    }
  }

  private synchronized void append(String line) {
    text.append(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }
}
