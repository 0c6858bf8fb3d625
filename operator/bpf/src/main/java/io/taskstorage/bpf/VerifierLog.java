package io.taskstorage.bpf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the verifier wrote while it looked at a program, and what can be learned from it. The log is
 * for people and its words change between kernels: only the form of an instruction's line is relied
 * on ({@code 4: (15) if r6 == 0x0 goto pc+3 ; R6=...}).
 *
 * @param text as the kernel gave it
 */
record VerifierLog(String text) {

  private static final Pattern INSTRUCTION =
      Pattern.compile("^(\\d+): (\\([0-9a-f]{2}\\) [^;]*?)\\s*(;.*)?$");
  private static final Pattern NAMED = Pattern.compile("\\binsn (\\d+)\\b");

  /** Statistics, which follow the verdict. */
  private static final Pattern STATISTICS =
      Pattern.compile(
          "^(processed \\d+ insns|verification time|stack depth|max_states|mark_read).*");

  List<String> lines() {
    return text.lines().filter(line -> !line.isBlank()).toList();
  }

  /** The verdict: the last line that is neither an instruction nor statistics. */
  Optional<String> verdict() {
    return lines().reversed().stream()
        .filter(line -> !STATISTICS.matcher(line).matches())
        .filter(line -> !INSTRUCTION.matcher(line).matches())
        .map(String::strip)
        .findFirst();
  }

  /** The instruction that the verdict is about: named by it, else the last one looked at. */
  OptionalInt instruction() {
    Optional<Matcher> named = verdict().map(NAMED::matcher).filter(Matcher::find);
    if (named.isPresent()) {
      return OptionalInt.of(Integer.parseInt(named.get().group(1)));
    }
    return lines().reversed().stream()
        .map(INSTRUCTION::matcher)
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .findFirst();
  }
}
