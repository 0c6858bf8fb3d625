package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.SpecPart;
import io.taskstorage.api.v1alpha1.Spelling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong with one object. Confined to the judgement of that object. */
final class Problems {

  /** Which reason an object gets that has problems of several: the first of these. */
  private static final List<Reason> BY_RANK =
      List.of(
          // What we do not know may change the meaning of all that we think we know.
          Reason.UNSUPPORTED_FIELD,
          Reason.INVALID,
          Reason.BPF_NAME_CONFLICT,
          Reason.NOT_ALLOWED_BY_TARGET,
          Reason.TARGET_NOT_FOUND);

  private final List<Problem> problems = new ArrayList<>();
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private final List<String> warnings = new ArrayList<>();

  void add(Reason reason, String path, String message) {
    reasons.add(reason);
    problems.add(new Problem(path, message));
  }

  void invalid(String path, String message) {
    add(Reason.INVALID, path, message);
  }

  /** A required property is absent; says what to add. */
  void missing(String path, String add) {
    invalid(path, "missing: " + add);
  }

  void warn(String path, String message) {
    warnings.add(path + ": " + message);
  }

  /** A text of a list of known words, which a newer version may have made longer. */
  void unknownWord(String path, String word, List<String> known) {
    String mend =
        Spelling.nearest(word, known)
            .map("did you mean %s?"::formatted)
            .orElseGet(() -> "use " + oneOf(known));
    add(
        Reason.UNSUPPORTED_FIELD,
        path,
        "%s is not known to this version: %s".formatted(Quote.text(word), mend));
  }

  /** {@code a, b or c}. */
  static String oneOf(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.getFirst()
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /** Adds what another judge found, in another order than he found it. */
  void addAll(Problems found, Comparator<Problem> order) {
    reasons.addAll(found.reasons);
    found.problems.stream().sorted(order).forEach(problems::add);
    warnings.addAll(found.warnings);
  }

  /** Refuses whatever the part has that this version does not know. */
  void refuseUnknown(String path, SpecPart part) {
    for (String name : part.unknownFields().keySet()) {
      add(
          Reason.UNSUPPORTED_FIELD,
          path + "." + Quote.name(name),
          "not known to this version: remove it, or upgrade");
    }
  }

  /** Counts a list or map against its bound. */
  void atMost(int bound, int count, String what, String path) {
    if (count > bound) {
      invalid(path, "%d %s: at most %d are allowed: drop some".formatted(count, what, bound));
    }
  }

  /** Refuses elements that an earlier one equals. */
  void noneTwice(String path, @Nullable List<String> elements) {
    if (elements == null) {
      return;
    }
    for (int i = 0; i < elements.size(); i++) {
      int first = elements.indexOf(elements.get(i));
      if (first < i) {
        invalid(
            path + "[" + i + "]",
            "%s is also element %d: remove one".formatted(Quote.text(elements.get(i)), first));
      }
    }
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /** The judgement; the value is used only if nothing is wrong. */
  <T> Verdict<T> refused() {
    Reason reason = BY_RANK.stream().filter(reasons::contains).findFirst().orElseThrow();
    return new Verdict.Refused<>(reason, problems);
  }

  <T> Verdict<T> accepted(T value) {
    return new Verdict.Accepted<>(value, warnings);
  }
}
