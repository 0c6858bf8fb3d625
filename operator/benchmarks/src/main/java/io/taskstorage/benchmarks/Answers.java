package io.taskstorage.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Scanner;
import java.util.function.Supplier;

/** The Java contestants' side of the round protocol. */
final class Answers {
  private Answers() {}

  /** Answers each line of the standard input with one line, until the input ends. */
  static void toEachLine(Supplier<String> round) {
    Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
    while (input.hasNextLine()) {
      input.nextLine();
      System.out.println(round.get());
    }
  }

  static String perOperation(String name, long nanoseconds, int operations) {
    return String.format(Locale.ROOT, "%s=%.1f", name, (double) nanoseconds / operations);
  }
}
