package io.taskstorage.testkit;

/**
 * Something that was not there before a test and is there after it.
 *
 * @param kind what it is
 * @param identity tells it from all others of its kind, also from a later one with the same number
 */
record Leftover(Kind kind, String identity) {
  enum Kind {
    DESCRIPTOR("descriptor"),
    MAPPING("memory mapping"),
    MOUNT("bpffs mount"),
    PIN("pin"),
    CGROUP("cgroup"),
    THREAD("thread"),
    CHILD("child process");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** Threads and children go in their own time after they were told to. */
    boolean windsDown() {
      return this == THREAD || this == CHILD;
    }
  }

  @Override
  public String toString() {
    return kind.words + " " + identity;
  }
}
