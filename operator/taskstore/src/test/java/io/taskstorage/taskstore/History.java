package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.HINTS;
import static io.taskstorage.taskstore.Samples.HINT_MAP;
import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.hint;
import static io.taskstorage.taskstore.Samples.tenant;

import io.taskstorage.layout.Value;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Random steps of the world, told to two stores alike, one of which is opened anew by some. */
final class History {
  private static final int MOST_PROCESSES = 12;
  private static final int MOST_THREADS = 4;
  private static final int MOST_CGROUPS = 8;

  /** A process: its leader, its other threads, and the path of its cgroup. */
  private static final class Member {
    private final Task leader;
    private final List<Task> threads = new ArrayList<>();
    private String path;

    Member(Task leader, String path) {
      this.leader = leader;
      this.path = path;
    }
  }

  private final Random random;
  private final World world;
  private final CgroupSandbox sandbox;
  private final Tasks tasks;
  private final HistoryStores stores;
  private final List<Member> processes = new ArrayList<>();
  private final Map<String, CgroupId> cgroups = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private int made;

  History(Random random, World world, CgroupSandbox sandbox, Tasks tasks, HistoryStores stores) {
    this.random = random;
    this.world = world;
    this.sandbox = sandbox;
    this.tasks = tasks;
    this.stores = stores;
  }

  List<String> log() {
    return log;
  }

  /** One step; whether a store must sweep after it. */
  boolean step() {
    if (cgroups.isEmpty()) {
      return mkdir();
    }
    if (processes.isEmpty()) {
      return born();
    }
    return switch (random.nextInt(25)) {
      case 0, 1, 2 -> born();
      case 3, 4, 5 -> fork();
      case 6, 7, 8 -> thread();
      case 9, 10 -> exit();
      case 11 -> exitThread();
      case 12 -> exec();
      case 13, 14, 15 -> move();
      case 16 -> mkdir();
      case 17 -> rmdir();
      case 18, 19, 20 -> assign();
      case 21, 22 -> unassign();
      case 23 -> restart();
      default -> random.nextInt(6) == 0 && changeMaps();
    };
  }

  private boolean born() {
    if (processes.size() < MOST_PROCESSES) {
      String path = anyCgroup();
      add(new Member(tasks.processIn(folder(path)), path), "born");
    }
    return false;
  }

  private boolean fork() {
    if (processes.size() < MOST_PROCESSES) {
      Member parent = anyProcess();
      Task by = anyTask(parent);
      String path = random.nextBoolean() ? parent.path : anyCgroup();
      Task child = path.equals(parent.path) ? by.fork() : by.forkInto(folder(path));
      add(new Member(child, path), "forked by " + by);
    }
    return false;
  }

  private void add(Member process, String how) {
    processes.add(process);
    log.add(process.leader + " in " + process.path + ": " + how);
  }

  private boolean thread() {
    Member process = anyProcess();
    if (process.threads.size() < MOST_THREADS) {
      Task thread = anyTask(process).thread();
      process.threads.add(thread);
      log.add(thread + ": begun");
    }
    return false;
  }

  private boolean exit() {
    Member process = anyProcess();
    process.leader.kill();
    process.leader.reap();
    processes.remove(process);
    log.add(process.leader + ": ended");
    return false;
  }

  private boolean exitThread() {
    Member process = anyProcess();
    if (!process.threads.isEmpty()) {
      Task thread = process.threads.remove(random.nextInt(process.threads.size()));
      thread.exitThread();
      log.add(thread + ": ended");
    }
    return false;
  }

  private boolean exec() {
    Member process = anyProcess();
    if (process.threads.isEmpty() || random.nextBoolean()) {
      process.leader.exec();
      log.add(process.leader + ": exec");
    } else {
      Task thread = process.threads.getFirst();
      process.leader.execFromThread(thread);
      log.add(process.leader + ": exec by " + thread);
    }
    process.threads.clear();
    return false;
  }

  /** The other threads of a process that moves are brought in line by a sweep. */
  private boolean move() {
    Member process = anyProcess();
    process.path = anyCgroup();
    process.leader.moveTo(folder(process.path));
    log.add(process.leader + ": goes to " + process.path);
    return !process.threads.isEmpty();
  }

  private boolean mkdir() {
    if (cgroups.size() < MOST_CGROUPS) {
      String above = cgroups.isEmpty() || random.nextInt(3) == 0 ? "" : anyCgroup();
      String path = above + "/c" + made++;
      cgroups.put(path, world.mkdir(path));
      log.add("mkdir " + path);
    }
    return false;
  }

  private boolean rmdir() {
    String path = anyCgroup();
    if (cgroups.keySet().stream().noneMatch(other -> other.startsWith(path + "/"))
        && processes.stream().noneMatch(process -> process.path.equals(path))) {
      CgroupId gone = cgroups.remove(path);
      world.rmdir(path);
      log.add("rmdir " + path);
      if (random.nextBoolean() && gone != null) {
        stores.unassign(gone);
        return true;
      }
    }
    return false;
  }

  private boolean assign() {
    String path = anyCgroup();
    Map<MapName, Value> values = new HashMap<>();
    long number = 1L + random.nextInt(4);
    if (stores.has(TENANT_MAP) && random.nextInt(4) > 0) {
      values.put(TENANTS, tenant(number, "app" + number));
    }
    if (stores.has(HINT_MAP) && random.nextInt(4) > 0) {
      values.put(HINTS, hint(number));
    }
    log.add("assign " + path + " " + values.keySet() + " " + number);
    stores.assign(cgroup(path), new Row(values));
    return true;
  }

  private boolean unassign() {
    String path = anyCgroup();
    log.add("unassign " + path);
    stores.unassign(cgroup(path));
    return true;
  }

  private CgroupId cgroup(String path) {
    return Optional.ofNullable(cgroups.get(path)).orElseThrow();
  }

  private boolean changeMaps() {
    StoreMap map = random.nextBoolean() ? TENANT_MAP : HINT_MAP;
    log.add((stores.has(map) ? "remove " : "install ") + map.name());
    stores.turnOver(map);
    return true;
  }

  private boolean restart() {
    log.add(stores.restart(sandbox.top().path(), cgroups.values(), random));
    return true;
  }

  private Member anyProcess() {
    return processes.get(random.nextInt(processes.size()));
  }

  private Task anyTask(Member process) {
    int at = random.nextInt(process.threads.size() + 1);
    return at == 0 ? process.leader : process.threads.get(at - 1);
  }

  private String anyCgroup() {
    return List.copyOf(cgroups.keySet()).get(random.nextInt(cgroups.size()));
  }

  private Path folder(String path) {
    return sandbox.top().path().resolve(path.substring(1));
  }

  /** The last steps. */
  @Override
  public String toString() {
    return String.join("\n", log.subList(Math.max(0, log.size() - 60), log.size()));
  }
}
