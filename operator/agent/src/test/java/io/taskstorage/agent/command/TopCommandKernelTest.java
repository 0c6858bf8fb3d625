package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** top on a map with the entries of tasks that sleep, and of one that does nothing but run. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
class TopCommandKernelTest {
  private static final Duration GENEROUS = Duration.ofMinutes(2);

  /** More than all sleeping tasks together have used when the map is made. */
  private static final Duration RUN = Duration.ofMillis(1_500);

  private Path node;
  private Tasks tasks;
  private Child busy;

  @BeforeEach
  void makeTasks(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    node = bpffs;
    tasks = Tasks.start();
    busy = Command.of("sh", "-c", "while :; do :; done").start();
    Cgroup shop = sandbox.create("shop");
    tasks.processesIn(shop.path(), 2);
    shop.add(busy.pid());
    NodeWithMap.keep(bpffs, sandbox, shop);
  }

  @AfterEach
  void endTasks() {
    busy.close();
    tasks.close();
  }

  @Test
  void tasksAndTheirTimeAreSummedUpByValue() throws IOException {
    // Given
    CommandRun set = run("set", "tenant-ctx", "--pid", Integer.toString(busy.pid()), "qos=7");
    assertThat(set.exitCode()).isZero();
    await().atMost(GENEROUS).until(() -> used().compareTo(RUN) > 0);

    // When
    Duration before = used();
    CommandRun table = run("top", "tenant-ctx", "--by", "qos");
    JsonNode top = new JsonMapper().readTree(run("top", "tenant-ctx", "--by=qos", "-o=json").out());
    Duration after = used();

    // Then
    assertThat(table.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .element(0)
        .isEqualTo("qos TASKS CPU SECONDS");
    assertThat(table.out().lines().skip(1).map(line -> line.strip().replaceAll(" +[0-9.]+$", "")))
        .map(line -> line.replaceAll(" +", " "))
        .containsExactly("7 1", "3 2");
    assertThat(top.path("map").asText()).isEqualTo("tenant-ctx");
    assertThat(top.path("field").asText()).isEqualTo("qos");
    assertThat(top.at("/values/0/value").asText()).isEqualTo("7");
    assertThat(top.at("/values/0/tasks").asInt()).isEqualTo(1);
    assertThat(top.at("/values/1/value").asText()).isEqualTo("3");
    assertThat(top.at("/values/1/tasks").asInt()).isEqualTo(2);
    // The kernel's own sums for the process come in ticks of 10 ms.
    assertThat(top.at("/values/0/cpuSeconds").asDouble())
        .isBetween(seconds(before) - 0.02, seconds(after) + 0.02);
    assertThat(top.at("/values/1/cpuSeconds").asDouble()).isLessThan(seconds(RUN));
  }

  @Test
  void allTasksOfOneValueAreOneRow() {
    // When
    CommandRun top = run("top", "tenant-ctx", "--by", "app");

    // Then
    assertThat(top.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .hasSize(2)
        .last()
        .asString()
        .matches("shop 3 [0-9]+\\.[0-9]{3}");
    assertThat(top.err()).isEmpty();
    assertThat(top.exitCode()).isZero();
  }

  @Test
  void anUnknownFieldListsThoseThatThereAre() {
    // When
    CommandRun top = run("top", "tenant-ctx", "--by", "tenant");

    // Then
    assertThat(top)
        .isEqualTo(
            new CommandRun(
                1, "", "top tenant-ctx: no field tenant: use one of tenant_id, qos, app, hits\n"));
  }

  private CommandRun run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--bpffs=" + node;
    return CommandRun.of(all);
  }

  private Duration used() {
    return ProcessHandle.of(busy.pid()).orElseThrow().info().totalCpuDuration().orElseThrow();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
