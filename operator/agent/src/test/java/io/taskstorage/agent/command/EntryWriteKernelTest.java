package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.KeptEntry.pid;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** set and delete on a map that an agent has left in force. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class EntryWriteKernelTest {
  private KeptEntry kept;

  @BeforeEach
  void keepAMap(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    kept = KeptEntry.on(bpffs, sandbox);
  }

  @AfterEach
  void endTasks() {
    kept.close();
  }

  @Test
  void setWritesTheNamedFieldAndKeepsTheOthers() {
    // When
    CommandRun run = kept.run("set", "tenant-ctx", "--pid", pid(kept.selected()), "hits=7");

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
    assertThat(kept.run("get", "tenant-ctx", "--pid", pid(kept.selected())).out())
        .isEqualTo(run.out());
  }

  @Test
  void setOfAPolicysFieldSaysThatItWillNotLast() {
    // When
    CommandRun run =
        kept.run("set", "tenant-ctx", "--pid", pid(kept.selected()), "qos=9", "app=web");

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
    CommandRun run = kept.run("set", "tenant-ctx", "hits=1", "--pid", pid(kept.other()));

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
        kept.run(
            "set",
            "tenant-ctx",
            "--pid",
            pid(kept.selected()),
            "qos=256",
            "no=1",
            "hits=1",
            "hits=2");

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
    assertThat(kept.run("get", "tenant-ctx", "--pid", pid(kept.selected())).out())
        .contains("program     0\n");
  }

  @Test
  void setWantsFieldAndValue() {
    // When
    CommandRun run = kept.run("set", "tenant-ctx", "--pid", pid(kept.selected()), "qos");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                2, "", "taskstorage set: 'qos' is no FIELD=VALUE: see 'taskstorage set --help'\n"));
  }

  @Test
  void deleteRemovesTheEntry() {
    // When
    CommandRun run = kept.run("delete", "tenant-ctx", "--pid", pid(kept.selected()));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                "delete tenant-ctx: the entry of task %d is gone; while a policy selects the task,"
                        .formatted(kept.selected().tid())
                    + " the agent's next pass makes it again\n",
                ""));
    assertThat(kept.run("delete", "tenant-ctx", "--pid", pid(kept.selected())).err())
        .startsWith("delete tenant-ctx: task " + kept.selected().tid() + " has no entry");
  }
}
