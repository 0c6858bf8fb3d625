package io.taskstorage.agent.observe;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder of manifests as the state of the API: what the API server is to an agent in a cluster.
 *
 * <p>The folder itself is read, not folders inside it. A mounted ConfigMap is read as one version.
 * What cannot be read, or is being written, keeps what was in force from it; an object's absence is
 * believed only when everything could be read or has a good version that is known. Not thread-safe.
 */
public final class FileObserver {
  private static final int MAX_VERSIONS_PER_LOOK = 3;

  private final Path folder;
  private final InstantSource clock;
  private SortedMap<String, ManifestFile> files = new TreeMap<>();
  private final Map<String, Instant> missing = new HashMap<>();
  private ApiState state = ApiState.UNKNOWN;
  private boolean isListed;
  private boolean wasMissing;

  /** Observes {@code folder}; reads nothing yet. */
  public FileObserver(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** How long to wait before the next look while {@link ApiState#settling} is true. */
  public static Duration settleTime() {
    return ManifestFile.STILL;
  }

  /** Looks again. The same instance as before where nothing has changed; never throws for input. */
  public ApiState observe() {
    for (int versions = 1; ; versions++) {
      Optional<Path> version = FolderListing.version(folder);
      switch (FolderListing.of(folder)) {
        case FolderListing.Unlisted unlisted -> {
          ApiState now = Merging.unlisted(state, String.valueOf(folder), unlisted.why());
          state = now.problems().equals(state.problems()) ? state : now;
          isListed = false;
          return state;
        }
        case FolderListing.Listed listed -> {
          SortedMap<String, ManifestFile> now = next(listed);
          boolean isOneVersion = version.equals(FolderListing.version(folder));
          if (isOneVersion || versions == MAX_VERSIONS_PER_LOOK) {
            return take(now);
          }
        }
      }
    }
  }

  private SortedMap<String, ManifestFile> next(FolderListing.Listed listed) {
    Instant instant = clock.instant();
    SortedMap<String, ManifestFile> now = new TreeMap<>();
    listed
        .files()
        .forEach(
            (name, look) -> {
              ManifestFile file =
                  ManifestFile.next(folder.resolve(name), look, files.get(name), instant);
              if (file != null) {
                now.put(name, file);
              }
            });
    keepMissing(now, instant);
    return now;
  }

  /**
   * A file that is replaced, by an editor that first moves the old one away, is missing for a
   * moment: it is believed to be gone once it has been missing for as long as others must be still.
   */
  private void keepMissing(SortedMap<String, ManifestFile> now, Instant instant) {
    missing.keySet().removeIf(name -> now.containsKey(name) || !files.containsKey(name));
    files.forEach(
        (name, file) -> {
          if (!now.containsKey(name)) {
            Instant since = missing.computeIfAbsent(name, _ -> instant);
            if (Duration.between(since, instant).compareTo(ManifestFile.STILL) < 0) {
              now.put(name, file);
            } else {
              missing.remove(name);
            }
          }
        });
  }

  private ApiState take(SortedMap<String, ManifestFile> now) {
    boolean isMissing = !missing.isEmpty();
    if (!isListed || isMissing != wasMissing || !Merging.isSame(files, now)) {
      files = now;
      state = Merging.of(now, state, Set.copyOf(missing.keySet()));
      isListed = true;
      wasMissing = isMissing;
    }
    return state;
  }
}
