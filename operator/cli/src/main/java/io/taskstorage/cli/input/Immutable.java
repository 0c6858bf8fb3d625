package io.taskstorage.cli.input;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an API server does not let anybody change, in the words of the definitions. Pure. */
final class Immutable {
  private Immutable() {}

  /**
   * What the change of a stored object asks for in vain.
   *
   * @param stored null = there is none yet: everything may be asked for
   */
  static List<FileProblem> changed(@Nullable Origin stored, Origin asked) {
    List<FileProblem> problems = new ArrayList<>();
    if (stored != null
        && stored.object() instanceof TaskStorageMap is
        && asked.object() instanceof TaskStorageMap willBe) {
      TaskStorageMapSpec before = is.getSpec();
      TaskStorageMapSpec after = willBe.getSpec();
      if (before != null && after != null) {
        if (!Objects.equals(before.bpfName(), after.bpfName())) {
          problems.add(problem(asked, "spec.bpfName", "is immutable: create a new TaskStorageMap"));
        }
        if (!Objects.equals(before.value(), after.value())) {
          problems.add(
              problem(
                  asked,
                  "spec.value",
                  "is immutable: create a new TaskStorageMap with another name and bpfName"));
        }
      }
    }
    return problems;
  }

  private static FileProblem problem(Origin asked, String path, String message) {
    return new FileProblem(asked.placeOf(path), Optional.of(asked.key()), path, message);
  }
}
