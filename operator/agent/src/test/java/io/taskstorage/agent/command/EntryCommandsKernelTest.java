package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** entries, get, set and delete on a map that an agent has left in force. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class EntryCommandsKernelTest {
  private Tasks tasks;
  private Task selected;
  private Task other;
  private Path bpffs;
  private String cgroup;

  @BeforeEach
  void keepAMap(@BpffsMount Path mounted, CgroupSandbox sandbox) {
    bpffs = mounted;
    var shop = sandbox.create("shop");
    cgroup = shop.pathFromRoot();
    tasks = Tasks.start();
    selected = tasks.processIn(shop.path());
    selected.rename("front");
    other = tasks.process();
    NodeWithMap.keep(bpffs, sandbox, shop);
  }

  @AfterEach
  void endTasks() {
    tasks.close();
  }

  @Test
  void entriesListsTasksWithDecodedFields() {
    // When
    CommandRun run = run("entries", "tenant-ctx");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .containsExactly(
            "TID TGID COMM CGROUP tenant_id qos app hits",
            "%1$d %1$d front %2$s 42 3 shop 0".formatted(selected.tid(), cgroup));
  }

  @Test
  void entriesAsJsonKeepsFieldsAsText() {
    // When
    CommandRun run = run("entries", "tenant-ctx", "-o", "json");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                """
                {
                  "map" : "tenant-ctx",
                  "bpfName" : "tenant_ctx",
                  "entries" : [
                    {
                      "tid" : %1$d,
                      "tgid" : %1$d,
                      "comm" : "front",
                      "cgroup" : "%2$s",
                      "fields" : {
                        "tenant_id" : "42",
                        "qos" : "3",
                        "app" : "shop",
                        "hits" : "0"
                      }
                    }
                  ]
                }
                """
                    .formatted(selected.tid(), cgroup),
                ""));
  }

  @Test
  void entriesOfNoTaskAreSaidOnStandardError() {
    // Given
    run("delete", "tenant-ctx", "--pid", pid(selected));

    // When
    CommandRun run = run("entries", "tenant-ctx");

    // Then
    assertThat(run).isEqualTo(new CommandRun(0, "", "entries tenant-ctx: no task has an entry\n"));
  }

  @Test
  void getShowsFieldsAndWhoWritesThem() {
    // When
    CommandRun run = run("get", "tenant-ctx", "--pid", pid(selected));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                """
                FIELD      TYPE      WRITTEN BY  VALUE
                tenant_id  U64       policy      42
                qos        U8        policy      3
                app        Char[16]  policy      shop
                hits       U32       program     0
                """,
                ""));
  }

  @Test
  void getAsJson() {
    // When
    CommandRun run = run("get", "tenant-ctx", "--tid", pid(selected), "--output=JSON");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                """
                {
                  "map" : "tenant-ctx",
                  "bpfName" : "tenant_ctx",
                  "tid" : %d,
                  "fields" : {
                    "tenant_id" : "42",
                    "qos" : "3",
                    "app" : "shop",
                    "hits" : "0"
                  }
                }
                """
                    .formatted(selected.tid()),
                ""));
  }

  @Test
  void getOfATaskWithoutEntryFails() {
    // When
    CommandRun run = run("get", "tenant-ctx", "--pid", pid(other));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "get tenant-ctx: task %d has no entry: no policy selects it, or no pass has met it yet\n"
                    .formatted(other.tid())));
  }

  @Test
  void getOfATaskThatIsGoneFails() {
    // Given
    other.exit();
    other.reap();

    // When
    CommandRun run = run("get", "tenant-ctx", "--pid", pid(other));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "get tenant-ctx: no task %d: it has ended, or has another number in this pid namespace\n"
                    .formatted(other.tid())));
  }

  @Test
  void threadIsNoProcess() {
    // Given
    Task thread = selected.thread();

    // When
    CommandRun run = run("get", "tenant-ctx", "--pid", pid(thread));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "get tenant-ctx: %1$d is a thread of process %2$d: use --tid %1$d\n"
                    .formatted(thread.tid(), thread.pid())));
  }

  @Test
  void setWritesTheNamedFieldAndKeepsTheOthers() {
    // When
    CommandRun run = run("set", "tenant-ctx", "--pid", pid(selected), "hits=7");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                """
                FIELD      TYPE      WRITTEN BY  VALUE
                tenant_id  U64       policy      42
                qos        U8        policy      3
                app        Char[16]  policy      shop
                hits       U32       program     7
                """,
                ""));
    assertThat(run("get", "tenant-ctx", "--pid", pid(selected)).out()).isEqualTo(run.out());
  }

  @Test
  void setOfAPolicysFieldSaysThatItWillNotLast() {
    // When
    CommandRun run = run("set", "tenant-ctx", "--pid", pid(selected), "qos=9", "app=web");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("qos        U8        policy      9\n");
    assertThat(run.err())
        .isEqualTo(
            "set tenant-ctx: policies own qos, app: while one selects the task, the agent's next"
                + " pass puts its value back\n");
  }

  @Test
  void setMakesAnEntryAndSaysThatItWillNotLast() {
    // When
    CommandRun run = run("set", "tenant-ctx", "hits=1", "--pid", pid(other));

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("tenant_id  U64       policy      0\n");
    assertThat(run.err())
        .isEqualTo(
            "set tenant-ctx: the task had no entry: a running agent's next pass removes it again"
                + " unless a policy selects the task\n");
  }

  @Test
  void setTellsAllProblemsAndWritesNothing() {
    // When
    CommandRun run =
        run("set", "tenant-ctx", "--pid", pid(selected), "qos=256", "no=1", "hits=1", "hits=2");

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("set tenant-ctx: qos: ").contains("255"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "set tenant-ctx: no: no such field: use one of tenant_id, qos, app, hits"),
            line -> assertThat(line).isEqualTo("set tenant-ctx: hits: given twice: leave one out"));
    assertThat(run("get", "tenant-ctx", "--pid", pid(selected)).out()).contains("program     0\n");
  }

  @Test
  void setWantsFieldAndValue() {
    // When
    CommandRun run = run("set", "tenant-ctx", "--pid", pid(selected), "qos");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2, "", "taskstorage set: 'qos' is no FIELD=VALUE: see 'taskstorage set --help'\n"));
  }

  @Test
  void deleteRemovesTheEntry() {
    // When
    CommandRun run = run("delete", "tenant-ctx", "--pid", pid(selected));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                "delete tenant-ctx: the entry of task %d is gone; while a policy selects the task,"
                        .formatted(selected.tid())
                    + " the agent's next pass makes it again\n",
                ""));
    assertThat(run("delete", "tenant-ctx", "--pid", pid(selected)).err())
        .startsWith("delete tenant-ctx: task " + selected.tid() + " has no entry");
  }

  @Test
  void unknownMapListsThoseThatThereAre() {
    // When
    CommandRun run = run("entries", "tenants");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "entries tenants: no such map below " + bpffs + ": use one of tenant-ctx\n"));
    assertThat(run("entries", "No.Name").err()).contains("use one of tenant-ctx");
  }

  @Test
  void headerOfTheMapInForce() {
    // When
    CommandRun run = run("header", "tenant-ctx");

    // Then
    assertThat(run).isEqualTo(new CommandRun(0, NodeWithMap.LAYOUT.cHeader(), ""));
  }

  private CommandRun run(String... words) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--bpffs=" + bpffs;
    return CommandRun.of(all);
  }

  private static String pid(Task task) {
    return Integer.toString(task.tid());
  }
}
