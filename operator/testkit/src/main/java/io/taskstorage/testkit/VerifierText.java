package io.taskstorage.testkit;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The instructions that a log of the verifier shows, or a listing of ours, which has its syntax.
 *
 * @param bySlot the text of each, without what the verifier knows of registers; the first slot is 0
 */
public record VerifierText(Map<Integer, String> bySlot) {
  private static final Pattern INSTRUCTION =
      Pattern.compile("^(\\d+): (\\([0-9a-f]{2}\\) [^;]*?)\\s*(;.*)?$");

  /** Copies it. */
  public VerifierText {
    bySlot = Map.copyOf(bySlot);
  }

  /** Reads it. What the verifier looked at several times it shows as often: the last one counts. */
  public static VerifierText of(String text) {
    Map<Integer, String> bySlot = new TreeMap<>();
    text.lines()
        .map(INSTRUCTION::matcher)
        .filter(Matcher::matches)
        .forEach(line -> bySlot.put(Integer.parseInt(line.group(1)), line.group(2)));
    return new VerifierText(bySlot);
  }

  /**
   * The same log as its program's listing would be, where it says the same: two operands are known
   * only once a program is loaded, and stand there by name, a map's address and the type id of a
   * kernel function.
   */
  public VerifierText named(VerifierText listing) {
    Map<Integer, String> named = new TreeMap<>();
    bySlot.forEach(
        (slot, text) -> named.put(slot, named(text, listing.bySlot.getOrDefault(slot, ""))));
    return new VerifierText(named);
  }

  private static String named(String text, String listed) {
    if (listed.contains("map[")) {
      String name = listed.replaceFirst(".*map\\[", "map[");
      return text.replaceFirst("0x[0-9a-f]+$", Matcher.quoteReplacement(name));
    }
    return listed.endsWith("#kfunc") ? text.replaceFirst("#\\d+$", "#kfunc") : text;
  }

  /** A line for each, in the order of the slots. */
  public String lines() {
    return new TreeMap<>(bySlot)
        .entrySet().stream()
            .map(line -> line.getKey() + ": " + line.getValue())
            .collect(Collectors.joining("\n"));
  }
}
