package io.taskstorage.testkit;

import java.util.Locale;

/** What is tried on every kernel; a line of the table that comes of it. */
public enum GuestSuite {
  /** The product says in its own words that this kernel has no task storage. */
  REFUSAL("-", "refusal"),
  /** What bpf(2) answers to each call. */
  ERRNO_ROWS("-", "errno rows"),
  /** Programs of the assembler load, run and are listed. */
  PROGRAMS("-", "programs"),
  /** What every plane does, by passes over the tasks. */
  RESCAN("Rescan", "contract"),
  /** What every plane does, by programs in the kernel. */
  IN_KERNEL("InKernel", "contract"),
  /** Tasks start in every way while rows change. */
  RACE("InKernel", "race"),
  /** The memory cgroup of the maps' maker is at its limit. */
  MEMORY_LIMIT("InKernel", "memory limit"),
  /** What a BPF program of somebody else's makes of the values: the sample that denies by them. */
  CONSUMER("InKernel", "consumer"),
  /** What the product does and says where the kernel is locked down against its own root. */
  LOCKDOWN("InKernel", "lockdown"),
  /** Kernel tests that name no suite: they run where all are asked for. */
  OTHERS("-", "others");

  private final String plane;
  private final String title;

  GuestSuite(String plane, String title) {
    this.plane = plane;
    this.title = title;
  }

  /** The plane that it is about; {@code -} if none. */
  public String plane() {
    return plane;
  }

  /** What it is called within its plane. */
  public String title() {
    return title;
  }

  /** What it is called on a command line: {@code in-kernel}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The suite of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static GuestSuite of(String word) {
    for (GuestSuite suite : values()) {
      if (suite.word().equals(word)) {
        return suite;
      }
    }
    throw new IllegalArgumentException("suite " + word + ": there is none of that name");
  }
}
