package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.cli.TaskStorageCli;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is asked of a node from outside, answered by the node's own commands beside its agent. */
@KernelTest(needs = {Need.BPFFS, Need.CGROUP2})
@ApiServerTest
class NodeTransportKernelTest {
  @Test
  void theNodeAnswersBesideItsAgent(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(42);
      Cgroup pod = bed.pod("web-1");
      Task task = bed.processIn(pod);
      Path program = program(folder, bpffs, cgroups.top().path());
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");
        bed.awaitValues(Map.of(task.tid(), "42 0"));

        // When
        CommandRun entries = run(bed, program, "entries", bed.map());
        CommandRun top = run(bed, program, "top", bed.map(), "--by", "tenant", "-o", "json");
        CommandRun doctor = run(bed, program, "doctor");
        CommandRun unknown = run(bed, program, "entries", "no-such-map");

        // Then
        assertThat(entries)
            .isEqualTo(
                CommandRun.of(
                    "entries",
                    bed.map(),
                    "--bpffs=" + bpffs,
                    "--cgroup-root=" + cgroups.top().path()));
        assertThat(entries.out()).contains(Integer.toString(task.tid()));
        assertThat(top.out()).contains("\"value\" : \"42\",\n      \"tasks\" : 1,");
        assertThat(doctor.exitCode()).isZero();
        assertThat(doctor.out()).startsWith("plane: InKernel\n").contains("map " + bed.map());
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no such map").contains(bed.map());
      }
    }
  }

  /** The command as a node has it, on the folders of this one. */
  private static Path program(Path folder, Path bpffs, Path cgroupRoot) throws IOException {
    Path program = folder.resolve("taskstorage");
    Files.writeString(
        program,
        """
        #!/bin/sh
        exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' %s "$@" --bpffs='%s' --cgroup-root='%s'
        """
            .formatted(
                Path.of(System.getProperty("java.home", ""), "bin", "java"),
                System.getProperty("java.class.path"),
                TaskStorageCommand.class.getName(),
                bpffs,
                cgroupRoot));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private static CommandRun run(AgentBed bed, Path program, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = TaskStorageCli.commandLine(Map.of());
    commands.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--node=" + bed.node();
    all[words.length + 1] = "--via=" + program;
    int exitCode = commands.execute(all);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }
}
