package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.tenant;

import io.taskstorage.layout.Value;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Starter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * An agent in a process of its own with other wishes than those of a {@link History}: it installs
 * and removes maps and gives rows to cgroups, turn after turn, until it is killed.
 */
final class HistoryAgent {
  private static final int KILLED = 128 + 9;
  private static final int MOST_TURNS = 6;
  private static final int MOST_MILLIS = 30;

  private HistoryAgent() {}

  /** Has one work on the node, and kills it at any moment after a turn that is drawn. */
  static void workUntilKilled(PinTree tree, Path cgroups, Collection<CgroupId> ids, Random random) {
    String[] words =
        Stream.concat(
                Stream.of(
                    tree.root().toString(), cgroups.toString(), Long.toString(random.nextLong())),
                ids.stream().map(id -> Long.toString(id.value())))
            .toArray(String[]::new);
    int turn = random.nextInt(MOST_TURNS);
    long nanos = random.nextLong(1_000_000L * MOST_MILLIS);
    try (Child agent =
        ChildJvm.of(HistoryAgent.class.getName()).options("-Xmx128m").arguments(words).start()) {
      agent.awaitLine("^turn " + turn + "$");
      LockSupport.parkNanos(nanos);
      agent.signal(Child.Signal.KILL);
      Outcome outcome = agent.awaitExit();
      if (outcome.exitCode() != KILLED) {
        throw new AssertionError(outcome.toString());
      }
    }
  }

  /** Arguments: bpffs folder, cgroup folder, a seed, the ids of cgroups. */
  public static void main(String[] args) {
    PinTree tree = new PinTree(Path.of(args[0]));
    CgroupTree cgroups = CgroupTree.open(Path.of(args[1]));
    Random random = new Random(Long.parseLong(args[2]));
    List<CgroupId> ids =
        Arrays.stream(args).skip(3).map(word -> new CgroupId(Long.parseLong(word))).toList();
    Starter starter = Starter.ofThisProcess();
    try (TaskStore store = TaskStores.inKernel(tree, cgroups)) {
      for (int turn = 0; starter.isThere(); turn++) {
        System.out.println("turn " + turn);
        turn(store, ids, random);
      }
    }
  }

  private static void turn(TaskStore store, List<CgroupId> ids, Random random) {
    store.install(TENANT_MAP);
    boolean hasHints = random.nextBoolean();
    if (hasHints) {
      store.install(HINT_MAP);
    }
    for (CgroupId id : ids) {
      switch (random.nextInt(3)) {
        case 0 -> store.unassign(id);
        case 1 -> {}
        default -> {
          long number = 5L + random.nextInt(4);
          Map<MapName, Value> values = new HashMap<>(Map.of(TENANTS, tenant(number, "other")));
          if (hasHints) {
            values.put(HINTS, hint(number));
          }
          store.assign(id, new Row(values));
        }
      }
    }
    store.sweep();
    if (!hasHints) {
      store.remove(HINTS, Reclaim.DELETE);
    }
    if (random.nextInt(3) == 0) {
      store.remove(TENANTS, Reclaim.DELETE);
      store.sweep();
    }
  }
}
