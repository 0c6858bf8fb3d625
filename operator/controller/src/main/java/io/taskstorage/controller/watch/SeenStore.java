package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An informer's store that keeps nothing but what was seen, under a key that it holds anyway. */
final class SeenStore<T extends Seen> implements ItemStore<T> {

  private final Map<String, T> objects = new ConcurrentHashMap<>();

  @Override
  public String getKey(T object) {
    return object.key();
  }

  @Override
  public @Nullable T put(String key, T object) {
    return objects.put(object.key(), object);
  }

  @Override
  public @Nullable T remove(String key) {
    return objects.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return objects.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return objects.values().stream();
  }

  @Override
  public int size() {
    return objects.size();
  }

  @Override
  public @Nullable T get(String key) {
    return objects.get(key);
  }

  /** So that the informer tells each object as it comes, and keeps no list of those to be told. */
  @Override
  public boolean isFullState() {
    return false;
  }
}
