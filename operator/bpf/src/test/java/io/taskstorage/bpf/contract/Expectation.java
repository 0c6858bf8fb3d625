package io.taskstorage.bpf.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a row expects: one answer, and other ones of older kernels. Written {@code EINVAL}, or
 * {@code ENOENT, EINVAL before 6.16}; where several bounds hold, the lowest decides. {@code -} is
 * for kernels of which the case cannot be asked.
 *
 * @param newest the answer where no bound holds
 */
record Expectation(Answer newest, List<Older> older) {
  private static final Pattern ANSWER = Pattern.compile("ok|refused|-|E[A-Z0-9]+");
  private static final Pattern OLDER = Pattern.compile("(\\S+) before (\\S+)");

  /** The answer of kernels before a version. */
  record Older(Answer answer, KernelVersion before) {}

  Expectation {
    older = List.copyOf(older);
  }

  static Expectation parse(String text) {
    String[] parts = text.split(", ", -1);
    List<Older> older = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      Matcher matcher = OLDER.matcher(parts[i]);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "expectation %s: \"%s\" is not ANSWER before VERSION".formatted(text, parts[i]));
      }
      older.add(new Older(answer(matcher.group(1)), KernelVersion.parse(matcher.group(2))));
    }
    return new Expectation(answer(parts[0]), older);
  }

  private static Answer answer(String text) {
    if (!ANSWER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "expectation " + text + ": neither ok, refused, - nor the name of an errno");
    }
    return new Answer(text);
  }

  Answer on(KernelVersion kernel) {
    return older.stream()
        .filter(answer -> kernel.isBefore(answer.before()))
        .min((a, b) -> a.before().compareTo(b.before()))
        .map(Older::answer)
        .orElse(newest);
  }
}
