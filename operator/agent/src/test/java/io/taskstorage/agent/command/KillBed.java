package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node for one story: tasks of two tenants and of nobody, which stay, and tasks that start in the
 * tenants' cgroups all the time; agents, of which one is killed. Closing ends all of them.
 */
final class KillBed implements AutoCloseable {
  /** Starts without their value would be among so many. */
  private static final int ENOUGH = 30;

  private static final String FILE = "all.yaml";

  private static final int KILLED = 128 + 9;

  private final KillStory story;
  private final Path woven;
  private final Path places;
  private final Path bpffs;
  private final Runs runs;
  private final Cgroup home;
  private final Cgroup outer;
  private final Cgroup inner;
  private final Tasks tasks = Tasks.start();
  private final Map<String, Task> members = new LinkedHashMap<>();
  private Optional<TwoLoads> loads = Optional.empty();

  /** Loads in both tenants' cgroups. */
  private record TwoLoads(StartLoad outer, StartLoad inner) {}

  /**
   * What the story begins with is in force, and as many starts as are enough have seen it.
   *
   * @param woven classes of agents that write down where they come by
   * @param home what the cgroups are made in; goes at the end
   */
  KillBed(KillStory story, Path woven, Path folder, Path bpffs, Cgroup home) {
    this.story = story;
    this.woven = woven;
    this.places = folder.resolve("places");
    this.bpffs = bpffs;
    this.runs = new Runs(newFolder(folder.resolve("manifests")), bpffs, home.root());
    this.home = home;
    this.outer = home.create("outer");
    this.inner = outer.create("inner");
    members.put("outer", tasks.processIn(outer.path()));
    members.put("inner", tasks.processIn(inner.path()));
    members.put("free", tasks.processIn(home.create("free").path()));
    if (!story.isFirst()) {
      write(false);
    }
  }

  static Path newFolder(Path folder) {
    try {
      return Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(boolean isChanged) {
    runs.write(FILE, story.manifests(outer.pathFromRoot(), inner.pathFromRoot(), isChanged));
  }

  /** The agent that is to be killed, and so far that the change can come. */
  Child begin(Optional<KillPoint> point) {
    if (!story.isOfAStart()) {
      Child agent = ready(start(point));
      startLoads();
      return agent;
    }
    if (!story.isFirst()) {
      try (Child before = ready(start(Optional.empty()))) {
        startLoads();
        kill(before);
      }
    }
    change();
    return start(point);
  }

  private Child start(Optional<KillPoint> point) {
    ChildJvm jvm = runs.jvm("--plane", "in-kernel", "--interval", "60m").ahead(woven);
    jvm.options("-D%s=%s".formatted(KilledProcess.FILE, places));
    point.ifPresent(at -> jvm.options(at.options(places).toArray(String[]::new)));
    return jvm.command().start();
  }

  private static Child ready(Child agent) {
    agent.awaitLine("^ready: ");
    return agent;
  }

  static void kill(Child agent) {
    agent.signal(Signal.KILL);
    agent.awaitExit();
  }

  private void startLoads() {
    Path pin = runs.tree().publicPin(runs.map().bpfName());
    loads =
        Optional.of(
            new TwoLoads(
                StartLoad.in(outer, newFolder(places.resolveSibling("o")), pin, story.outer(false)),
                StartLoad.in(
                    inner, newFolder(places.resolveSibling("i")), pin, story.inner(false))));
    assertStartsAreRight();
  }

  /** Every task that has started, and some more, found a value that was in force meanwhile. */
  void assertStartsAreRight() {
    loads.ifPresent(
        two -> {
          two.outer().assertAllRight(ENOUGH);
          two.inner().assertAllRight(ENOUGH);
        });
  }

  /** The manifests change, unless they have before the agent started. */
  void changeIfRunning() {
    if (!story.isOfAStart()) {
      change();
    }
  }

  /** From now on counts where agents come by. */
  private void change() {
    try {
      Files.createFile(places);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    loads.ifPresent(
        two -> {
          two.outer().maybe(story.outer(true));
          two.inner().maybe(story.inner(true));
        });
    write(true);
  }

  /** Where the agent came by since the change. */
  List<String> places() {
    try {
      return Files.readAllLines(places);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until an agent that nobody kills has come by all of these, and its turn is over. */
  void awaitTurn(List<KillPoint> points) {
    await()
        .atMost(WebTenant.LIMIT)
        .untilAsserted(
            () -> {
              List<String> came = places();
              assertThat(came).endsWith("after agent.Turn.take");
              for (KillPoint point : points) {
                assertThat(came.stream().filter(point.place()::equals).count())
                    .as("how often an agent comes by: %s", point)
                    .isGreaterThanOrEqualTo(point.crossing());
              }
            });
  }

  /** The agent has killed itself. */
  static void awaitDeath(Child agent) {
    Outcome outcome = agent.awaitExit();
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(KILLED);
  }

  /** A new agent turns once and ends, all values kept. */
  void mend() {
    Outcome outcome = runs.command("--plane", "in-kernel", "--once", "--keep").run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.stderr()).isEmpty();
  }

  /** What the change brings about is in force: nothing older is allowed any more. */
  void nothingOlder() {
    loads.ifPresent(
        two -> {
          two.outer().surely(story.outer(true));
          two.inner().surely(story.inner(true));
        });
    assertStartsAreRight();
  }

  /** What is pinned, recorded and on the tasks, those that were just born among them. */
  List<String> state() {
    endLoads();
    return KillState.of(bpffs, runs, members);
  }

  /** Nothing of ours is left after {@code clean}. */
  void clean() {
    endLoads();
    CommandRun clean =
        CommandRun.of(
            "clean", "--bpffs", bpffs.toString(), "--cgroup-root", outer.root().toString());
    assertThat(clean.err()).isEmpty();
    assertThat(clean.exitCode()).isZero();
    assertThat(runs.left()).isEmpty();
  }

  private void endLoads() {
    loads.ifPresent(
        two -> {
          two.outer().close();
          two.inner().close();
        });
    loads = Optional.empty();
  }

  @Override
  public void close() {
    endLoads();
    tasks.close();
    home.removeTree();
  }
}
