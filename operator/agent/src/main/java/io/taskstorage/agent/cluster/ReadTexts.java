package io.taskstorage.agent.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What texts mean, as the same instance while a text is among those that are asked for: reading
 * them is the costly part. Not thread-safe.
 */
final class ReadTexts<T> {
  private final Function<String, T> reading;
  private Map<String, T> known = Map.of();

  /** Nothing was read yet. */
  ReadTexts(Function<String, T> reading) {
    this.reading = reading;
  }

  /** What these mean, in their order; what was read of others is forgotten. */
  List<T> of(Collection<String> texts) {
    Map<String, T> now = new HashMap<>();
    List<T> all = new ArrayList<>(texts.size());
    for (String text : texts) {
      T before = known.get(text);
      T means = before == null ? reading.apply(text) : before;
      now.put(text, means);
      all.add(means);
    }
    known = now;
    return all;
  }
}
