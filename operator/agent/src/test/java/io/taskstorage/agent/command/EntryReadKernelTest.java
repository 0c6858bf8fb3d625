package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.KeptEntry.pid;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Task;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** entries, get and header on a map that an agent has left in force. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class EntryReadKernelTest {
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
  void entriesListsTasksWithDecodedFields() {
    // When
    CommandRun run = kept.run("entries", "tenant-ctx");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .containsExactly(
            "TID TGID COMM CGROUP tenant_id qos app hits",
            "%1$d %1$d front %2$s 42 3 shop 0".formatted(kept.selected().tid(), kept.cgroup()));
  }

  @Test
  void entriesAsJsonKeepsFieldsAsText() {
    // When
    CommandRun run = kept.run("entries", "tenant-ctx", "-o", "json");

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
                    .formatted(kept.selected().tid(), kept.cgroup()),
                ""));
  }

  @Test
  void entriesOfNoTaskAreSaidOnStandardError() {
    // Given
    kept.run("delete", "tenant-ctx", "--pid", pid(kept.selected()));

    // When
    CommandRun run = kept.run("entries", "tenant-ctx");

    // Then
    assertThat(run).isEqualTo(new CommandRun(0, "", "entries tenant-ctx: no task has an entry\n"));
  }

  @Test
  void getShowsFieldsAndWhoWritesThem() {
    // When
    CommandRun run = kept.run("get", "tenant-ctx", "--pid", pid(kept.selected()));

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
    CommandRun run = kept.run("get", "tenant-ctx", "--tid", pid(kept.selected()), "--output=JSON");

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
                    .formatted(kept.selected().tid()),
                ""));
  }

  @Test
  void getOfATaskWithoutEntryFails() {
    // When
    CommandRun run = kept.run("get", "tenant-ctx", "--pid", pid(kept.other()));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "get tenant-ctx: task %d has no entry: no policy selects it, or no pass has met it yet\n"
                    .formatted(kept.other().tid())));
  }

  @Test
  void getOfATaskThatIsGoneFails() {
    // Given
    kept.other().exit();
    kept.other().reap();

    // When
    CommandRun run = kept.run("get", "tenant-ctx", "--pid", pid(kept.other()));

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "get tenant-ctx: no task %d: it has ended, or has another number in this pid namespace\n"
                    .formatted(kept.other().tid())));
  }

  @Test
  void threadIsNoProcess() {
    // Given
    Task thread = kept.selected().thread();

    // When
    CommandRun run = kept.run("get", "tenant-ctx", "--pid", pid(thread));

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
  void unknownMapListsThoseThatThereAre() {
    // When
    CommandRun run = kept.run("entries", "tenants");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "entries tenants: no such map below "
                    + kept.bpffs()
                    + ": use one of tenant-ctx\n"));
    assertThat(kept.run("entries", "No.Name").err()).contains("use one of tenant-ctx");
  }

  @Test
  void headerOfTheMapInForce() {
    // When
    CommandRun run = kept.run("header", "tenant-ctx");

    // Then
    assertThat(run).isEqualTo(new CommandRun(0, NodeWithMap.LAYOUT.cHeader(), ""));
  }
}
