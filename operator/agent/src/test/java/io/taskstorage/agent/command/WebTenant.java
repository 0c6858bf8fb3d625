package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Where most tests of {@code run} begin: a cgroup named web, a folder of manifests that gives its
 * tasks a tenant, and processes of the test. Closing ends the processes.
 */
record WebTenant(Runs runs, CgroupSandbox cgroups, Cgroup cgroup, Tasks tasks)
    implements AutoCloseable {
  /** Far more than a pass takes on a busy machine. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  static WebTenant on(Path folder, Path bpffs, CgroupSandbox cgroups) {
    Runs runs = new Runs(folder, bpffs, cgroups.root());
    return new WebTenant(runs, cgroups, cgroups.create("web"), Tasks.start());
  }

  /** The folder now gives the tasks of the cgroup this tenant. */
  void tenant(long tenant) {
    runs.write("all.yaml", Runs.MAP, Runs.policy("web", 1, cgroup.pathFromRoot(), tenant));
  }

  /** A new process in the cgroup. */
  Task process() {
    return processIn(cgroup.path());
  }

  /** A new process in another one. */
  Task processIn(Path folder) {
    return tasks.processIn(folder);
  }

  /** The agent after its first turn. */
  Child run(String... more) {
    Child run = runs.start(more);
    run.awaitLine("^ready: ");
    return run;
  }

  /** Waits until exactly these tasks have an entry, by tid, with these values. */
  void awaitValues(Map<Integer, String> expected) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(runs.values()).isEqualTo(expected));
  }

  /** Ends the agent, cleanly or the test fails. */
  static void end(Child run) {
    run.signal(Signal.TERM);
    Outcome outcome = run.awaitExit();
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
  }

  /** A value of {@link Runs#MAP} as a program would write it. */
  static Value value(RecordedMap map, long tenant, long hits, String app) {
    StructLayout layout = map.layout();
    ByteBuffer bytes = ByteBuffer.allocate(layout.sizeBytes()).order(ByteOrder.nativeOrder());
    bytes.putLong(tenant).putLong(hits).put(app.getBytes(StandardCharsets.UTF_8));
    return Value.of(bytes.array());
  }

  @Override
  public void close() {
    tasks.close();
  }
}
