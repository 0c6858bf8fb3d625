package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ManifestFiles;
import io.taskstorage.api.manifest.ManifestText;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Parts;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One manifest file and what counts from it.
 *
 * @param stamp what stat said when it was read; null when it could not be
 * @param changing the stamp of a newer content that is not still yet, and since when it is known
 * @param objects what is in force from it: its content, or the last good version of what is broken
 * @param problems what is not taken
 * @param notices what is passed over
 * @param lost something in it could not be read and no good version of it is known
 */
record ManifestFile(
    @Nullable Stamp stamp,
    Optional<Changing> changing,
    List<Origin> objects,
    List<FileProblem> problems,
    List<FileNotice> notices,
    boolean lost) {

  /** The largest file that is read. */
  static final int MAX_BYTES = 1 << 20;

  /**
   * How long nothing must have been written to a file before it is believed. A program that writes
   * into the file itself makes it short for a moment; one that renames a new file over it does not.
   */
  static final Duration STILL = Duration.ofMillis(100);

  private static final String UNTIL_MENDED = " (what was in force from this file stays)";
  private static final String NEVER_READ = " (until it is mended nothing in force is removed)";

  private static final String OBJECT_STAYS = " (the version before stays in force)";

  /** After this long of not being still a file is told to be written. */
  static final Duration LONG = Duration.ofSeconds(1);

  /**
   * A content that is not still yet.
   *
   * @param since when this content was first seen
   * @param begin when the file was first seen not to be still
   * @param isLong it has not been still for so long that somebody should be told
   */
  record Changing(Stamp stamp, Instant since, Instant begin, boolean isLong) {

    /** The file now, which has this content. */
    static Changing seen(Stamp stamp, Optional<Changing> before, Instant now) {
      Instant begin = before.map(Changing::begin).orElse(now);
      Instant since =
          before.filter(known -> known.stamp.equals(stamp)).map(Changing::since).orElse(now);
      return new Changing(stamp, since, begin, Duration.between(begin, now).compareTo(LONG) >= 0);
    }
  }

  /**
   * The file after a look at it; the prior state itself where nothing has changed; null when it is
   * gone.
   */
  static @Nullable ManifestFile next(
      Path file, Stamp.Look look, @Nullable ManifestFile prior, Instant now) {
    String name = String.valueOf(file.getFileName());
    return switch (look) {
      case Stamp.Look.Gone _ -> null;
      case Stamp.Look.Unusable unusable -> unreadable(name, prior, unusable.why());
      case Stamp.Look.Regular regular -> regular(file, name, prior, regular.stamp(), now);
    };
  }

  private static ManifestFile regular(
      Path file, String name, @Nullable ManifestFile prior, Stamp stamp, Instant now) {
    if (prior != null && stamp.equals(prior.stamp)) {
      return prior.changing.isEmpty() ? prior : prior.withChanging(Optional.empty());
    }
    Optional<Changing> before = Optional.ofNullable(prior).flatMap(ManifestFile::changing);
    Changing changing = Changing.seen(stamp, before, now);
    if (!isStill(changing, now)) {
      return waiting(prior, changing);
    }
    if (stamp.sizeBytes() > MAX_BYTES) {
      return unreadable(name, prior, "larger than 1 MiB: split it into several files");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (!(Stamp.of(file) instanceof Stamp.Look.Regular after) || !after.stamp().equals(stamp)) {
        return waiting(prior, changing);
      }
      return read(name, prior, stamp, bytes);
    } catch (IOException e) {
      return unreadable(name, prior, ManifestFiles.reason(e));
    }
  }

  /** By the file's own time; by ours where the clocks of file server and machine differ. */
  private static boolean isStill(Changing changing, Instant now) {
    Duration byFile = Duration.between(changing.stamp().changed(), now);
    Duration byUs = Duration.between(changing.since(), now);
    return byFile.compareTo(STILL) >= 0 || byUs.compareTo(STILL) >= 0;
  }

  private static ManifestFile waiting(@Nullable ManifestFile prior, Changing changing) {
    return prior != null
        ? prior.withChanging(Optional.of(changing))
        : new ManifestFile(null, Optional.of(changing), List.of(), List.of(), List.of(), true);
  }

  private static ManifestFile read(
      String name, @Nullable ManifestFile prior, Stamp stamp, byte[] bytes) {
    List<FileNotice> notices = new ArrayList<>();
    ManifestText text =
        ManifestText.of(
            name,
            bytes,
            ManifestText.MAX_PARTS,
            Parts.NONE,
            other -> notices.add(FileNotice.of(other)));
    return switch (text) {
      case ManifestText.Broken broken -> {
        FileProblem problem = broken.problem();
        yield broken(prior, stamp, problem.place(), problem.message());
      }
      case ManifestText.Documented documented -> documented(prior, stamp, documented, notices);
    };
  }

  private static ManifestFile unreadable(String name, @Nullable ManifestFile prior, String why) {
    return broken(prior, null, Place.of(name), why);
  }

  private static ManifestFile broken(
      @Nullable ManifestFile prior, @Nullable Stamp stamp, Place place, String why) {
    boolean lost = prior == null || prior.lost;
    FileProblem problem = FileProblem.ofFile(place, why + (lost ? NEVER_READ : UNTIL_MENDED));
    List<Origin> kept = prior == null ? List.of() : prior.objects;
    if (prior != null
        && stamp == null
        && prior.stamp == null
        && prior.problems.equals(List.of(problem))) {
      return prior;
    }
    return new ManifestFile(stamp, Optional.empty(), kept, List.of(problem), List.of(), lost);
  }

  private static ManifestFile documented(
      @Nullable ManifestFile prior,
      Stamp stamp,
      ManifestText.Documented now,
      List<FileNotice> notices) {
    List<Origin> objects = new ArrayList<>();
    List<FileProblem> problems = new ArrayList<>();
    for (Origin origin : now.objects()) {
      if (origin.object() instanceof TaskStoragePolicy) {
        notices.add(FileNotice.ofPolicyOfPods(origin));
      } else {
        objects.add(origin);
      }
    }
    notices.sort(Comparator.comparingInt(notice -> notice.place().line()));
    Set<ObjectKey> present = new HashSet<>();
    objects.forEach(origin -> present.add(origin.key()));
    boolean lost = false;
    for (ManifestText.Refused refused : now.refused()) {
      List<Origin> kept = lastGood(prior, refused.key(), present);
      lost |= kept.isEmpty();
      kept.forEach(origin -> present.add(origin.key()));
      objects.addAll(kept);
      problems.addAll(told(refused.problems(), kept.isEmpty() ? NEVER_READ : OBJECT_STAYS));
    }
    return new ManifestFile(stamp, Optional.empty(), objects, problems, notices, lost);
  }

  /** The problems, the last one with what follows from them. */
  private static List<FileProblem> told(List<FileProblem> problems, String consequence) {
    List<FileProblem> told = new ArrayList<>(problems);
    FileProblem last = told.removeLast();
    told.add(
        new FileProblem(last.place(), last.object(), last.path(), last.message() + consequence));
    return told;
  }

  /**
   * What stays in force for a refused document: its own last version, or, when nobody can tell
   * which object it is, all that the file held and does not hold now.
   */
  private static List<Origin> lastGood(
      @Nullable ManifestFile prior, Optional<ObjectKey> key, Set<ObjectKey> present) {
    if (prior == null) {
      return List.of();
    }
    return prior.objects.stream()
        .filter(origin -> !present.contains(origin.key()))
        .filter(origin -> key.isEmpty() || key.get().equals(origin.key()))
        .toList();
  }

  /** What to tell of a file that has been written for long; nothing of one that has not. */
  Optional<FileProblem> beingWritten(String name) {
    return changing
        .filter(Changing::isLong)
        .map(
            _ ->
                FileProblem.ofFile(
                    Place.of(name),
                    "is being written all the time: write another file and rename it to this one"
                        + (lost ? NEVER_READ : UNTIL_MENDED)));
  }

  private ManifestFile withChanging(Optional<Changing> newer) {
    return changing.equals(newer)
        ? this
        : new ManifestFile(stamp, newer, objects, problems, notices, lost);
  }
}
