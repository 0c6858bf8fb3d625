package io.taskstorage.agent.command;

import static io.taskstorage.agent.command.Runs.MAP;
import static io.taskstorage.agent.command.Runs.policy;
import static io.taskstorage.agent.command.WebTenant.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While a map gets another layout, what is public is whole: tasks that start find their value at
 * the path, in the map that is there, whichever it is.
 */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunLayoutKernelTest {
  private static final String[] IN_KERNEL = {"--plane", "in-kernel", "--interval", "60m"};
  private static final String WIDER = MAP + "    - {name: extra, type: U64}\n";
  private static final int ENOUGH = 200;
  private static final int TURNS = 6;

  @TempDir private Path folder;
  @TempDir private Path places;
  private WebTenant web;

  @BeforeEach
  void start(@BpffsMount Path bpffs, CgroupSandbox cgroups) {
    web = WebTenant.on(folder, bpffs, cgroups);
  }

  @AfterEach
  void endTasks() {
    web.close();
  }

  @Test
  void startsFindTheirValuesWhileTheLayoutChanges() {
    // Given
    web.tenant(1);
    // The more tasks a sweep meets, the longer is the way from one map to the other.
    web.tasks().processesIn(web.cgroup().path(), 50).forEach(process -> process.threads(20));
    try (Child run = web.run(IN_KERNEL);
        StartLoad load = StartLoad.in(web.cgroup(), places, publicPin(), 1)) {
      load.assertAllRight(ENOUGH);
      int before = web.runs().mapId();

      for (int turn = 1; turn <= TURNS; turn++) {
        // When the layout changes, and the value with it
        load.maybe(turn + 1);
        web.runs()
            .write(
                "all.yaml",
                turn % 2 == 1 ? WIDER : MAP,
                policy("web", 1, web.cgroup().pathFromRoot(), turn + 1));
        before = awaitOtherMap(before);

        // Then
        load.assertAllRight(ENOUGH);
        load.surely(turn + 1);
        load.assertAllRight(ENOUGH);
      }
      end(run);
    }
  }

  @Test
  void anAgentThatStartsWithAnotherLayoutTakesOverTheSame() {
    // Given
    web.tenant(1);
    try (Child first = web.run(withKeep())) {
      end(first);
    }
    int before = web.runs().mapId();
    try (StartLoad load = StartLoad.in(web.cgroup(), places, publicPin(), 1)) {
      load.assertAllRight(ENOUGH);

      // When
      load.maybe(2);
      web.runs().write("all.yaml", WIDER, policy("web", 1, web.cgroup().pathFromRoot(), 2));
      try (Child second = web.run(withKeep())) {
        // Then
        load.assertAllRight(ENOUGH);
        assertThat(web.runs().mapId()).isNotEqualTo(before);
        load.surely(2);
        load.assertAllRight(ENOUGH);
        end(second);
      }
    }
    try (Child last = web.run(IN_KERNEL)) {
      end(last);
    }
  }

  /** Its kernel id. Records come and go meanwhile. */
  private int awaitOtherMap(int before) {
    return await()
        .atMost(WebTenant.LIMIT)
        .ignoreExceptions()
        .until(() -> web.runs().mapId(), id -> id != before);
  }

  private Path publicPin() {
    return web.runs().tree().publicPin(web.runs().map().bpfName());
  }

  private static String[] withKeep() {
    return new String[] {IN_KERNEL[0], IN_KERNEL[1], IN_KERNEL[2], IN_KERNEL[3], "--keep"};
  }
}
