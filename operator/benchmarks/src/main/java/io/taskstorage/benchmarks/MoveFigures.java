package io.taskstorage.benchmarks;

import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Plane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;

/**
 * What is not promised but mended: the other threads of a process that is moved. From the write to
 * cgroup.procs until every thread has the value of where it is now, with an agent as a process of
 * its own, on each plane.
 */
final class MoveFigures {
  /** The least of a pause. The agent has rested from the turn before when it ends. */
  private static final int PAUSE_MILLIS = 25;

  private static final List<Kind> KINDS =
      List.of(
          new Kind(1, Mover.ANOTHER, true),
          new Kind(10, Mover.ANOTHER, true),
          new Kind(1_000, Mover.ANOTHER, true),
          new Kind(10, Mover.ITSELF, true),
          new Kind(10, Mover.ANOTHER, false));

  /** The figure that says how long a move takes as a whole. */
  static final String LAST = "until the last thread has its value";

  private static final List<String> CGROUPS = List.of("here", "there");
  private static final String MAP = "moves";

  private MoveFigures() {}

  /** Who writes to cgroup.procs. */
  enum Mover {
    ANOTHER("moved by another", "other"),
    /** A thread of the process which does not lead it. */
    ITSELF("moves itself", "itself");

    private final String text;
    private final String argument;

    Mover(String text, String argument) {
      this.text = text;
      this.argument = argument;
    }
  }

  /**
   * A process that is moved.
   *
   * @param pauses whether a move comes a random time after the one before, else at once
   */
  record Kind(int threads, Mover mover, boolean pauses) {
    private String text() {
      return "process of %,d %s, %s%s: "
          .formatted(
              threads,
              threads == 1 ? "thread" : "threads",
              mover.text,
              pauses ? "" : " without a pause");
    }
  }

  /** Times of so many moves to and fro of each kind, by what was measured. */
  static SequencedMap<String, List<Double>> moves(
      Ground ground, Path launcher, Plane plane, int moves) {
    CGROUPS.forEach(ground::makeCgroup);
    SequencedMap<String, List<Double>> figures = new LinkedHashMap<>();
    try (FolderAgent _ = FolderAgent.start(ground, launcher, writeManifests(ground), plane)) {
      for (Kind kind : KINDS) {
        try (Contestant process = Contestant.start("moves", command(ground, kind)).awaitReady()) {
          moves(process, kind, moves)
              .forEach((figure, times) -> figures.put(kind.text() + figure, times));
        }
      }
    }
    return figures;
  }

  private static SequencedMap<String, List<Double>> moves(
      Contestant process, Kind kind, int moves) {
    Random pauses = new Random(1);
    SequencedMap<String, List<Double>> figures = new LinkedHashMap<>();
    for (int i = 0; i < moves; i++) {
      if (kind.pauses()) {
        NodeAgent.rest(Duration.ofMillis(PAUSE_MILLIS + pauses.nextInt(PAUSE_MILLIS)));
      }
      for (Map.Entry<String, Double> measured : process.round().entrySet()) {
        figures
            .computeIfAbsent(figure(measured.getKey()), _ -> new ArrayList<>())
            .add(measured.getValue());
      }
    }
    if (kind.threads() == 1) {
      figures.remove(figure("1"));
    }
    return figures;
  }

  /** What the C program's word stands for; a number is one of the threads. */
  private static String figure(String word) {
    return switch (word) {
      case "write" -> "the write itself";
      case "last" -> LAST;
      case "after" -> "of this after the write";
      default -> "until a thread has its value";
    };
  }

  private static List<String> command(Ground ground, Kind kind) {
    return command(
        ground,
        ground.bpffs().resolve(PinTree.PUBLIC_FOLDER).resolve(MAP),
        kind,
        CGROUPS.stream().map(ground.cgroup()::resolve).toList());
  }

  /** The C program: of an entry in the first cgroup the first word is 1, in the second 2. */
  static List<String> command(Ground ground, Path map, Kind kind, List<Path> cgroups) {
    return List.of(
        ground.program("moves").toString(),
        map.toString(),
        Integer.toString(kind.threads()),
        kind.mover().argument,
        cgroups.getFirst().toString(),
        cgroups.getLast().toString());
  }

  private static Path writeManifests(Ground ground) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: taskstorage.io/v1alpha1
            kind: TaskStorageMap
            metadata: {name: moves}
            spec: {bpfName: moves, value: {typeName: moves, fields: [{name: tenant, type: U64}]}}
            """);
    for (int i = 0; i < CGROUPS.size(); i++) {
      Path cgroup = ground.cgroup().resolve(CGROUPS.get(i));
      text.append(
          """
          ---
          apiVersion: taskstorage.io/v1alpha1
          kind: ClusterTaskStoragePolicy
          metadata: {name: %s}
          spec:
            targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: moves}]
            tier: Admin
            priority: 1
            subject: {hostProcesses: {cgroupPaths: ["/%s"]}}
            values: [{field: tenant, value: "%d"}]
          """
              .formatted(CGROUPS.get(i), ground.cgroupRoot().relativize(cgroup), i + 1));
    }
    try {
      Path folder = Files.createDirectories(ground.folder().resolve("manifests"));
      Files.writeString(folder.resolve("all.yaml"), text);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
