package io.taskstorage.benchmarks;

import io.taskstorage.benchmarks.Report.Budgeted;
import io.taskstorage.taskstore.Plane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What programs in the kernel add to the start of a process and of a thread. The starts are a C
 * program's in the cgroup of a container; the row is its pod's, one level above.
 */
final class StartFigures {
  private static final List<Integer> MAPS = List.of(1, 16);
  private static final String CONTAINER = "kubepods/besteffort/pod0/container";

  /** The programs that run whenever a task starts. */
  private static final List<String> AT_BIRTH = List.of("newtask", "wakeup");

  private static final String A_START = "a start";

  private static final double NO_ROW_NANOS = 350;
  private static final double FIRST_MAP_NANOS = 2_000;
  private static final double FURTHER_MAP_NANOS = 600;

  private final Ground ground;
  private final long pod;
  private final Contestant starts;

  private StartFigures(Ground ground, Path container, Contestant starts) {
    this.ground = ground;
    this.pod = Ground.inode(Objects.requireNonNull(container.getParent()));
    this.starts = starts;
  }

  private interface Work {
    Map<String, Pairs> of(StartFigures figures);
  }

  private static Map<String, Pairs> with(Ground ground, int each, Work work) {
    Path container = ground.makeCgroup(CONTAINER);
    try (Contestant starts = Contestant.start("starts", command(ground, container, each))) {
      return work.of(new StartFigures(ground, container, starts));
    }
  }

  /** The C program in a cgroup. */
  static List<String> command(Ground ground, Path cgroup, int each) {
    return List.of(ground.program("starts").toString(), cgroup.toString(), Integer.toString(each));
  }

  /**
   * Starts with programs attached, against those with none right before or after. These against
   * each other are what such a ratio is uncertain by.
   *
   * @param each so many starts of each kind in a round
   */
  static Map<String, Pairs> starts(Ground ground, int rounds, int each) {
    return with(ground, each, figures -> figures.inTurn(rounds));
  }

  private Map<String, Pairs> inTurn(int rounds) {
    Map<String, Map<String, Pairs>> byKind = new LinkedHashMap<>();
    Map<String, Double> before = starts.round("nothing");
    for (int i = 0; i < rounds; i++) {
      for (int maps : MAPS) {
        Attached attached = attached(maps);
        Map<String, Double> after = starts.round("nothing");
        add(byKind, named("no row", maps), attached.untagged(), before);
        add(byKind, named("a row", maps), attached.tagged(), after);
        add(byKind, "nothing attached, again", after, before);
        before = after;
      }
    }
    Map<String, Pairs> figures = new LinkedHashMap<>();
    byKind.forEach(
        (kind, states) ->
            states.forEach((state, pairs) -> figures.put(kind + ", " + state, pairs)));
    return figures;
  }

  private static void add(
      Map<String, Map<String, Pairs>> byKind,
      String state,
      Map<String, Double> taken,
      Map<String, Double> yardstick) {
    taken.forEach(
        (kind, time) ->
            byKind
                .computeIfAbsent(kind, _ -> new LinkedHashMap<>())
                .computeIfAbsent(state, _ -> new Pairs())
                .add(time, Objects.requireNonNull(yardstick.get(kind), kind)));
  }

  private record Attached(Map<String, Double> untagged, Map<String, Double> tagged) {}

  /** The row is in force when the programs go: by that the C program sees them gone. */
  private Attached attached(int maps) {
    try (TaggedCgroup cgroup = open(maps)) {
      return new Attached(untagged(cgroup), tagged(cgroup));
    }
  }

  private TaggedCgroup open(int maps) {
    return TaggedCgroup.open(
        Plane.IN_KERNEL, ground.pins("starts"), ground.cgroupRoot(), pod, maps);
  }

  private Map<String, Double> untagged(TaggedCgroup cgroup) {
    cgroup.unassign();
    cgroup.sweep();
    return starts.round("untagged " + cgroup.pin());
  }

  private Map<String, Double> tagged(TaggedCgroup cgroup) {
    cgroup.assign(1);
    cgroup.sweep();
    return starts.round("tagged " + cgroup.pin());
  }

  private static String named(String what, int maps) {
    return "%s, %d %s".formatted(what, maps, maps == 1 ? "map" : "maps");
  }

  /**
   * A run of each program of a start by the kernel's own clock, and of all of them together, under
   * a row against under none. The clock's reading is part of each run.
   */
  static Map<String, Pairs> runs(Ground ground, int rounds, int each) {
    return with(ground, each, figures -> figures.metered(rounds));
  }

  private Map<String, Pairs> metered(int rounds) {
    Map<String, Pairs> pairs = new LinkedHashMap<>();
    for (int maps : MAPS) {
      try (TaggedCgroup cgroup = open(maps);
          Contestant meter = meter()) {
        // It has begun to count once it answers.
        meter.round();
        for (int i = 0; i < rounds; i++) {
          untagged(cgroup);
          Map<String, Double> without = withSum(meter.round());
          tagged(cgroup);
          withSum(meter.round())
              .forEach(
                  (program, run) ->
                      pairs
                          .computeIfAbsent(named(program, maps), _ -> new Pairs())
                          .add(run, Objects.requireNonNull(without.get(program), program)));
        }
      }
    }
    return pairs;
  }

  private static Map<String, Double> withSum(Map<String, Double> byProgram) {
    Map<String, Double> figures = new LinkedHashMap<>(byProgram);
    figures.put(A_START, byProgram.values().stream().mapToDouble(Double::doubleValue).sum());
    return figures;
  }

  /**
   * What all programs of a start take together, beside what they are meant to at most.
   *
   * @param runs what {@link #runs} found
   */
  static SequencedMap<String, Budgeted> ofAStart(Map<String, Pairs> runs) {
    int few = MAPS.getFirst();
    int many = MAPS.getLast();
    Pairs withFew = Objects.requireNonNull(runs.get(named(A_START, few)));
    Pairs withMany = Objects.requireNonNull(runs.get(named(A_START, many)));
    double further = (withMany.medianOfSubject() - withFew.medianOfSubject()) / (many - few);
    SequencedMap<String, Budgeted> figures = new LinkedHashMap<>();
    figures.put(named("no row", few), new Budgeted(withFew.medianOfYardstick(), NO_ROW_NANOS));
    figures.put(named("no row", many), new Budgeted(withMany.medianOfYardstick(), NO_ROW_NANOS));
    figures.put("a row, the first map", new Budgeted(withFew.medianOfSubject(), FIRST_MAP_NANOS));
    figures.put("a row, each further map", new Budgeted(further, FURTHER_MAP_NANOS));
    return figures;
  }

  private Contestant meter() {
    List<String> command = new ArrayList<>();
    command.add(ground.program("meter").toString());
    try (Stream<Path> files = Files.walk(ground.pins("starts").agentFolder())) {
      files.filter(StartFigures::runsAtBirth).map(Path::toString).sorted().forEach(command::add);
    } catch (IOException e) {
      throw new UncheckedIOException("look for programs: " + e.getMessage(), e);
    }
    return Contestant.start("meter", command);
  }

  /** A pinned program, not its link. */
  private static boolean runsAtBirth(Path pin) {
    return AT_BIRTH.contains(String.valueOf(pin.getFileName()))
        && pin.resolveSibling("").endsWith("programs");
  }
}
