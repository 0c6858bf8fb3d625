package io.taskstorage.agent.doctor;

/**
 * One thing that the agent can make use of.
 *
 * @param name what it is, in the kernel's words
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
  boolean blocks() {
    return need == Need.REQUIRED && !(finding instanceof Finding.Yes);
  }
}
