package io.taskstorage.console;

/**
 * One thing that a node or a cluster needs.
 *
 * @param name what it is, in the words of who has it
 * @param need what is lost without it
 */
public record Check(String name, Need need, Finding finding) {
  /** How much depends on it. */
  public enum Need {
    /** Without it no value reaches any task. */
    REQUIRED,
    /** Without it something works less well; the finding says what. */
    USEFUL
  }

  /** Whether it stands in the way of running at all. */
  public boolean blocks() {
    return need == Need.REQUIRED && !(finding instanceof Finding.Yes);
  }
}
