package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.taskstorage.testkit.KernelTest.Need;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class ResidueKernelTest {

  @AfterEach
  void giveBack() throws Exception {
    Leaks.giveBack();
  }

  @ParameterizedTest
  @CsvSource({
    "map,         descriptor \\d+ anon_inode:bpf-map map_id: \\d+",
    "pidfd,       descriptor \\d+ anon_inode:\\[pidfd\\] Pid: 1",
    "openFolder,  descriptor \\d+ .*/taskstorage-test-\\d+-\\d+/held",
    "mapping,     memory mapping .*anon_inode:bpf.*",
    "mount,       bpffs mount .*/taskstorage-test-\\d+-\\d+",
    "cgroup,      cgroup .*/taskstorage-test-\\d+-\\d+/nested",
    "podOfAHost,  cgroup .*/host-1/kubepods/besteffort/pod1",
    "thread,      thread \\d+ stays behind",
    "namedThread, thread \\d+ taskstorage sweeper",
    "child,       child process \\d+ \\(sleep\\) since \\d+",
    "tasks,       child process \\d+ \\(tasks\\) since \\d+"
  })
  void findsWhatATestLeaves(String method, String leftover) {
    // When
    EngineExecutionResults results = run(selectMethod(Leaks.class, method));

    // Then
    assertThat(failures(results.testEvents()))
        .singleElement()
        .asString()
        .startsWith("residue: " + method + "() left behind:")
        .matches("(?s).*\n  " + leftover + "(\n.*)?");
  }

  @Test
  void hostsThemselvesMayStay() {
    assertThat(failures(run(selectMethod(Leaks.class, "podOfAHost")).testEvents()))
        .singleElement()
        .asString()
        .hasLineCount(2);
  }

  @Test
  void findsThePinThatATestLeavesInItsClassesBpffs() {
    // When
    EngineExecutionResults results = run(selectClass(Leaks.Pins.class));

    // Then
    assertThat(failures(results.testEvents()))
        .singleElement()
        .asString()
        .matches("(?s)residue: pins.*left behind:\n  pin .*/taskstorage-test-\\d+-\\d+/left");
  }

  @Test
  void findsWhatAClassLeaves() {
    // When
    EngineExecutionResults results = run(selectClass(Leaks.BeforeAllOfTheClass.class));

    // Then
    assertThat(failures(results.testEvents())).isEmpty();
    assertThat(failures(results.containerEvents()))
        .singleElement()
        .asString()
        .startsWith("residue: Leaks$BeforeAllOfTheClass left behind:")
        .contains("anon_inode:bpf-map");
  }

  @Test
  void blamesEachTestOnlyForItsOwn() {
    // When
    EngineExecutionResults results = run(selectClass(Leaks.Once.class));

    // Then
    assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    assertThat(failures(results.testEvents())).hasSize(1);
    assertThat(failures(results.containerEvents())).isEmpty();
  }

  @Test
  void passesWhatIsGivenBack() {
    // When
    EngineExecutionResults results = run(selectClass(Leaks.Tidy.class));

    // Then
    assertThat(results.testEvents().succeeded().count()).isEqualTo(2);
    assertThat(failures(results.containerEvents())).isEmpty();
  }

  private static EngineExecutionResults run(DiscoverySelector selector) {
    return EngineTestKit.engine("junit-jupiter")
        .enableImplicitConfigurationParameters(true)
        .configurationParameter(Residue.WIND_DOWN_MILLIS, "100")
        .selectors(selector)
        .execute();
  }

  private static List<String> failures(Events events) {
    return events.failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> String.valueOf(result.getThrowable().orElseThrow().getMessage()))
        .toList();
  }
}
