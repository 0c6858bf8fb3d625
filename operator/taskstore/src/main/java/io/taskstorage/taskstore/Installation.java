package io.taskstorage.taskstore;

/** What {@link TaskStore#install} had to do to make the kernel map exist. */
public sealed interface Installation {
  /** A new map. It is not public before {@link TaskStore#publish}. */
  record Created() implements Installation {}

  /** The map of an earlier run, with its entries; the same kernel map id. */
  record Adopted() implements Installation {}

  /**
   * A new map beside the one that is public until {@link TaskStore#publish}.
   *
   * @param oldDigest the digest of the layout that it takes over from
   * @param differences why the old map could not be adopted, one sentence part each
   */
  record Replaced(String oldDigest, java.util.List<String> differences) implements Installation {
    public Replaced {
      differences = java.util.List.copyOf(differences);
    }
  }
}
