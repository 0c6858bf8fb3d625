package io.taskstorage.console;

import java.util.Collection;
import java.util.List;

/** Names in a line for people. */
public final class Names {
  private Names() {}

  /** The first few names, and how many more there are. */
  public static String shortened(Collection<String> names, int few) {
    List<String> first = names.stream().limit(few).toList();
    int more = names.size() - first.size();
    return String.join(", ", first) + (more == 0 ? "" : " and %d more".formatted(more));
  }
}
