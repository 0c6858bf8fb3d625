package io.taskstorage.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.e2e.node.CountedValues.Counts;
import io.taskstorage.e2e.node.CountedValues.Who;
import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Child.Signal;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user's BPF programs see of values that an agent changes: the sample to copy, and run. A
 * wrong count or an old value is met each time; half a scalar only by who reads at that moment, as
 * another program does.
 */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS, Need.BPFTOOL})
class ConsumerKernelTest {
  private static final int VERSIONS = 12;

  /** Back to back; a version fits one byte. */
  private static final int CHANGES = 60;

  /** It execs once, after it has come into the cgroup. */
  private static final int THE_BUSY_ONE = 1;

  private static final Who STEADY = new Who(7, 200);

  @TempDir private Path folder;
  private Path bpffs;
  private CgroupSandbox sandbox;
  private Cgroup changing;
  private Cgroup steady;

  @BeforeEach
  void writeManifests(@BpffsMount Path mount, CgroupSandbox cgroups) throws IOException {
    bpffs = mount;
    sandbox = cgroups;
    changing = cgroups.create("changing");
    steady = cgroups.create("steady");
    Path map = Sample.FOLDER.resolve("quickstart/map.yaml");
    Files.copy(map, Files.createDirectory(manifests()).resolve("map.yaml"));
    write(steady, STEADY);
    write(changing, version(1));
  }

  @Test
  void countsByThePresentValueOrTheOneBeforeAndNothingElse() throws IOException {
    // Given
    Path program = CountedValues.build();
    Path goOn = Files.createFile(folder.resolve("go-on"));
    try (Child agent = agent();
        CountedValues counted = CountedValues.start(program, pin());
        Child busy = busyIn(changing);
        Child inSteady = startsIn(steady, "-e " + goOn);
        Child inChanging = startsIn(changing, "-e " + goOn)) {
      // When
      counted.awaitAny(version(1));
      Map<Integer, Map<Who, Counts>> snapshots = new HashMap<>();
      for (int i = 2; i <= VERSIONS; i++) {
        write(changing, version(i));
        awaitSweep(agent, i);
        snapshots.put(i, counted.now());
      }
      counted.awaitAny(version(VERSIONS));
      Files.delete(goOn);
      long steadyStarts = starts(inSteady);
      long changingStarts = starts(inChanging);
      Map<Who, Counts> end = counted.now();

      // Then
      assertThat(end.keySet()).allMatch(who -> who.equals(STEADY) || isNeighbouring(who));
      assertThat(end).containsKeys(version(1), version(VERSIONS));
      assertStarted(end.getOrDefault(STEADY, Counts.NONE), steadyStarts, steadyStarts);
      assertStarted(sumWithout(STEADY, end), changingStarts, changingStarts + THE_BUSY_ONE);
      snapshots.forEach((i, then) -> assertNothingMoreOfBefore(i, then, end));
      // And its own field is as it left it
      assertThat(hits(busy)).isEqualTo("1");

      // When no value changes any more
      long more;
      try (Child hundred = startsIn(changing, "$i -lt 100")) {
        more = starts(hundred);
      }
      // Then each new task has the present one, whole
      Map<Who, Counts> later = counted.end();
      assertThat(later.keySet()).isEqualTo(end.keySet());
      Counts before = end.getOrDefault(version(VERSIONS), Counts.NONE);
      Counts after = later.getOrDefault(version(VERSIONS), Counts.NONE);
      assertThat(after.tasks() - before.tasks()).isEqualTo(more);
      assertThat(after.execs() - before.execs()).isEqualTo(more);
      end(agent);
    }
  }

  @Test
  void whoeverLooksAllTheTimeSeesWholeScalarsAndKeepsItsOwnField() throws IOException {
    // Given
    Path goOn = Files.createFile(folder.resolve("go-on"));
    try (Child agent = agent();
        Child busy = busyIn(changing);
        WatchedValues watched = WatchedValues.start(pin(), busy, folder);
        Child starting = startsIn(changing, "-e " + goOn)) {
      // When
      for (int i = 2; i <= CHANGES; i++) {
        write(changing, version(i));
        awaitSweep(agent, i);
      }
      Files.delete(goOn);
      long started = starts(starting);
      WatchedValues.Seen seen = watched.end();

      // Then
      assertThat(seen.torn()).as("%s", seen).isZero();
      // Others may have the CPU of who looks at most of them.
      assertThat(seen.changes()).as("%s", seen).isPositive();
      assertThat(seen.births()).as("%s", seen).isEqualTo(started).isPositive();
      assertThat(seen.missing()).as("%s", seen).isZero();
      assertThat(seen.used()).as("%s", seen).isZero();
      assertThat(hits(busy)).isEqualTo(Long.toString(seen.calls())).isNotEqualTo("0");
      end(agent);
    }
  }

  @Test
  void withoutAnAgentItEndsAndMakesNoMap() {
    // Given
    Path program = CountedValues.build();
    // When
    Outcome outcome = Command.of(program.toString(), pin().toString()).run();
    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr())
        .isEqualTo("open pin %s: No such file or directory\n".formatted(pin()));
    assertThat(pin()).doesNotExist();
  }

  /** Values of one version: if half a scalar were of another one, its bytes would differ. */
  private static Who version(int number) {
    return new Who(0x0101_0101_0101_0101L * number, number);
  }

  /** While a value changes the two fields may be of two versions, one after the other. */
  private static boolean isNeighbouring(Who who) {
    long version = who.tenant() & 0xff;
    return who.tenant() == version(Math.toIntExact(version)).tenant()
        && Math.abs(version - who.qos()) <= 1
        && Math.min(version, who.qos()) >= 1
        && Math.max(version, who.qos()) <= VERSIONS;
  }

  /** With a version in force that before may be counted until its last reader is done, no other. */
  private static void assertNothingMoreOfBefore(
      int version, Map<Who, Counts> then, Map<Who, Counts> end) {
    end.forEach(
        (who, counts) -> {
          if (!who.equals(STEADY) && who.qos() < version - 1) {
            assertThat(counts).as("%s at version %d", who, version).isEqualTo(then.get(who));
          }
        });
  }

  private static void assertStarted(Counts counts, long tasks, long execs) {
    assertThat(counts.tasks()).isEqualTo(tasks).isPositive();
    assertThat(counts.execs()).isEqualTo(execs);
    assertThat(counts.calls()).isGreaterThan(tasks);
  }

  private static Counts sumWithout(Who other, Map<Who, Counts> counts) {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(other))
        .map(Map.Entry::getValue)
        .reduce(Counts.NONE, Counts::plus);
  }

  /** Waits until the agent has said that it has brought the tasks in line with a version. */
  private static void awaitSweep(Child agent, int version) {
    Pattern assigned = Pattern.compile("assign  path .*qos=%d\\b".formatted(version));
    await()
        .atMost(CountedValues.LIMIT)
        .until(
            () -> {
              Matcher matcher = assigned.matcher(agent.stdout());
              return matcher.find() && agent.stdout().indexOf("tasks: sweep", matcher.end()) > 0;
            });
  }

  /** A process that makes one system call after another. */
  private static Child busyIn(Cgroup cgroup) {
    return in(cgroup, "exec dd if=/dev/zero of=/dev/null bs=1 status=none");
  }

  /** A process that starts others, one after another, while this is so; then it says how many. */
  private static Child startsIn(Cgroup cgroup, String condition) {
    String start = "/bin/true; i=$((i+1));";
    return in(cgroup, "i=0; while [ %s ]; do %s done; echo $i".formatted(condition, start));
  }

  private static long starts(Child ended) {
    return Long.parseLong(ended.awaitExit().stdoutIfDone().strip());
  }

  private static Child in(Cgroup cgroup, String script) {
    String enter = "echo $$ >%s/cgroup.procs; ".formatted(cgroup.path());
    return Command.of("sh", "-c", enter + script).start();
  }

  /** The field of the programs themselves, in this process's entry. */
  private @Nullable String hits(Child process) {
    RecordedMap map = Records.find(new PinTree(bpffs), new MapName("tenant-ctx")).orElseThrow();
    return Records.get(map, process.pid()) instanceof TaskResult.Done(Value value)
        ? Decoder.display(map.layout(), value.toBytes()).get("hits")
        : null;
  }

  private Child agent() {
    Child agent =
        ChildJvm.of("io.taskstorage.agent.command.TaskStorageCommand")
            .options("-Xmx96m")
            .arguments("run", manifests().toString(), "--plane", "in-kernel")
            .arguments("--bpffs", bpffs.toString(), "--cgroup-root", sandbox.root().toString())
            .start();
    agent.awaitLine("^ready: ");
    return agent;
  }

  private static void end(Child agent) {
    agent.signal(Signal.TERM);
    Outcome outcome = agent.awaitExit();
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
  }

  /** As an editor does: beside it, then renamed. */
  private void write(Cgroup cgroup, Who who) {
    String name = cgroup.path().getFileName().toString();
    try {
      Path beside = Files.writeString(folder.resolve("new.yaml"), policy(name, cgroup, who));
      Files.move(beside, manifests().resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String policy(String name, Cgroup cgroup, Who who) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant-ctx}]
      tier: Admin
      priority: 1
      subject: {hostProcesses: {cgroupPaths: ["%s"]}}
      values:
      - {field: tenant_id, value: "%d"}
      - {field: qos, value: "%d"}
    """
        .formatted(name, cgroup.pathFromRoot(), who.tenant(), who.qos());
  }

  private Path manifests() {
    return folder.resolve("manifests");
  }

  private Path pin() {
    return bpffs.resolve("taskstorage/tenant_ctx");
  }
}
