package io.taskstorage.benchmarks;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.taskstore.Plane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is not promised but mended: the other threads of a process that somebody moves. From the
 * write to cgroup.procs until every thread has the value of where it is now, with an agent as a
 * process of its own, on each plane.
 */
final class MoveFigures {
  /** What only a broken machine reaches. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final List<String> CGROUPS = List.of("here", "there");

  private MoveFigures() {}

  /** Moves to and fro of a process with so many threads. */
  static Pairs moves(Ground ground, Path launcher, int threads, int rounds) {
    return Pairs.of(
        moves(ground, launcher, Plane.IN_KERNEL, threads, rounds),
        moves(ground, launcher, Plane.RESCAN, threads, rounds));
  }

  private static List<Double> moves(
      Ground ground, Path launcher, Plane plane, int threads, int rounds) {
    CGROUPS.forEach(ground::makeCgroup);
    Path manifests = writeManifests(ground);
    List<Double> taken = new ArrayList<>();
    try (FolderAgent _ = FolderAgent.start(ground, launcher, manifests, plane);
        Contestant _ = ground.crowd(threads, ground.cgroup().resolve(CGROUPS.getFirst()));
        BpfMap map = BpfMap.open(ground.bpffs().resolve("taskstorage/moves"), Access.READ_ONLY)) {
      List<Integer> tids = tids(ground.cgroup().resolve(CGROUPS.getFirst()));
      List<Pidfd> tasks = tids.stream().map(MoveFigures::open).toList();
      try {
        await(map, tasks, 0);
        for (int i = 1; i <= rounds; i++) {
          int to = i % CGROUPS.size();
          long began = System.nanoTime();
          write(
              ground.cgroup().resolve(CGROUPS.get(to)).resolve("cgroup.procs"),
              tids.getFirst().toString());
          await(map, tasks, to);
          taken.add((double) System.nanoTime() - began);
        }
      } finally {
        tasks.forEach(Pidfd::close);
      }
    }
    return taken;
  }

  /** Returns when each of these tasks has the value of this cgroup. */
  private static void await(BpfMap map, List<Pidfd> tasks, long value) {
    long end = System.nanoTime() + LIMIT.toNanos();
    for (Pidfd task : tasks) {
      while (!has(map, task, value + 1)) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException("a thread did not have its value within " + LIMIT);
        }
        Thread.onSpinWait();
      }
    }
  }

  private static boolean has(BpfMap map, Pidfd task, long value) {
    return map.lookup(task) instanceof Lookup.Present(byte[] found)
        && ByteBuffer.wrap(found).order(ByteOrder.nativeOrder()).getLong() == value;
  }

  private static Pidfd open(int tid) {
    if (Pidfd.openThread(tid) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new IllegalStateException("pidfd open " + tid + ": see what this kernel lacks: doctor");
  }

  /** The threads of the one process there, that which leads it first. */
  private static List<Integer> tids(Path cgroup) {
    String pid = read(cgroup.resolve("cgroup.procs")).strip();
    return Stream.concat(Stream.of(pid), read(cgroup.resolve("cgroup.threads")).lines())
        .map(Integer::valueOf)
        .distinct()
        .toList();
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
      Path folder = Files.createDirectories(ground.folder().resolve("moves"));
      Files.writeString(folder.resolve("all.yaml"), text);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("write " + file + ": " + e.getMessage(), e);
    }
  }
}
