package io.taskstorage.policy.cel;

import java.util.List;

/** What became of the source text of an expression. */
public sealed interface CelCompilation {

  /** It can be evaluated. */
  record Compiled(CelExpression expression) implements CelCompilation {}

  /**
   * It cannot.
   *
   * @param problems at least one, each a place, a cause and how to mend it, on one line, without
   *     anything of the text
   */
  record Refused(List<String> problems) implements CelCompilation {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
