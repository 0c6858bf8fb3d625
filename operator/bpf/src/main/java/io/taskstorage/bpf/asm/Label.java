package io.taskstorage.bpf.asm;

/**
 * A place in a program that jumps go to. Two labels are different places even when they have one
 * name: a label is the object, the name is for people. {@link Asm} checks that each is bound once
 * and reached at least once.
 */
public final class Label {

  private final String name;

  /**
   * A place not bound yet.
   *
   * @param name how listings and error messages call it
   */
  public Label(String name) {
    this.name = name;
  }

  /** How listings and error messages call it. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
