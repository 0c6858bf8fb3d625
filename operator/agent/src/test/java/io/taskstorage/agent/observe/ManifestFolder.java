package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** A folder of manifests that is observed under a clock of the test. */
final class ManifestFolder {
  private final Path folder;
  private final FileObserver observer;

  /** A time at which everything that a test has written is old. */
  private Instant now = Instant.now().plus(Duration.ofDays(1));

  ManifestFolder(Path folder) {
    this.folder = folder;
    this.observer = new FileObserver(folder, clock());
  }

  /** A good map, nine lines long. */
  static String map(String name) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: TaskStorageMap
    metadata: {name: %s}
    spec:
      bpfName: tenant_ctx
      value:
        typeName: tenant_ctx
        fields:
        - {name: tenant_id, type: U64}
    """
        .formatted(name);
  }

  Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  ApiState observe() {
    return observer.observe();
  }

  InstantSource clock() {
    return () -> now;
  }

  void setTime(Instant time) {
    now = time;
  }

  void passMillis(long millis) {
    now = now.plusMillis(millis);
  }

  /** When the kernel changed a file last, which no program can forge. */
  Instant changeTime(String name) throws IOException {
    return ((FileTime)
            Files.getAttribute(folder.resolve(name), "unix:ctime", LinkOption.NOFOLLOW_LINKS))
        .toInstant();
  }

  static Place place(ApiState state, String map) {
    return Objects.requireNonNull(state.objects().get(new ObjectKey("TaskStorageMap", map)))
        .place();
  }

  static List<String> names(ApiState state) {
    return state.objects().keySet().stream().map(ObjectKey::name).toList();
  }

  static List<String> texts(ApiState state) {
    return state.problems().stream().map(FileProblem::toString).toList();
  }
}
