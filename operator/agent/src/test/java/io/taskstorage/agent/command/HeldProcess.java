package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process in a cgroup that waits to become another program, as the first one of a container. */
final class HeldProcess implements AutoCloseable {
  private static final String SCRIPT =
      "echo $$ >\"$0/cgroup.procs\"; echo ready; read line <\"$1\"; exec sleep 3600";

  private final Child process;
  private final Path pipe;

  private HeldProcess(Child process, Path pipe) {
    this.process = process;
    this.pipe = pipe;
  }

  /**
   * Starts one, which waits from then on.
   *
   * @param folder for what it waits at
   */
  static HeldProcess in(Path cgroup, Path folder) {
    Path pipe = folder.resolve("held-" + cgroup.getFileName());
    Command.of("mkfifo", pipe.toString()).run().stdoutIfDone();
    Child process = Command.of("sh", "-c", SCRIPT, cgroup.toString(), pipe.toString()).start();
    process.awaitLine("ready");
    return new HeldProcess(process, pipe);
  }

  int pid() {
    return process.pid();
  }

  /** Lets it become the other program, and returns when it is. */
  void release() {
    try {
      Files.writeString(pipe, "go\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(
            () -> assertThat(Path.of("/proc/" + pid() + "/comm")).content().isEqualTo("sleep\n"));
  }

  @Override
  public void close() {
    process.close();
  }
}
