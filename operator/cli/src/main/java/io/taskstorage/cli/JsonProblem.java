package io.taskstorage.cli;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.cli.input.Judgement;
import org.jspecify.annotations.Nullable;

/**
 * A problem in JSON. What is not known is left out.
 *
 * @param line counted from 1
 * @param reason the word of the refusal; absent for what is not well-formed
 */
record JsonProblem(
    String file,
    @Nullable Integer line,
    @Nullable String kind,
    @Nullable String namespace,
    @Nullable String name,
    @Nullable String reason,
    @Nullable String path,
    String message) {

  static JsonProblem of(Judgement.Refusal refusal) {
    FileProblem problem = refusal.problem();
    @Nullable ObjectKey key = problem.object().orElse(null);
    return new JsonProblem(
        problem.place().file(),
        problem.place().line() == 0 ? null : problem.place().line(),
        key == null ? null : key.kind(),
        key == null ? null : orNull(key.namespace()),
        key == null ? null : key.name(),
        orNull(refusal.reason()),
        orNull(problem.path()),
        problem.message());
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
