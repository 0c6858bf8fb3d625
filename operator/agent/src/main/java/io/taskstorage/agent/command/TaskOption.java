package io.taskstorage.agent.command;

import io.taskstorage.console.CommandFailure;
import io.taskstorage.taskstore.EntryAccess.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --pid N} or {@code --tid N}: which task. */
final class TaskOption {
  @Option(
      names = "--pid",
      required = true,
      paramLabel = "N",
      description = "The process N: its leading thread.")
  private int pid;

  @Option(
      names = "--tid",
      required = true,
      paramLabel = "N",
      description = "The thread N, each of which has an entry of its own (kernel 6.9 or later).")
  private int tid;

  /**
   * The task's number.
   *
   * @throws CommandFailure if a process was asked for and the number is a thread of another one
   */
  int tid(String operation) {
    if (tid != 0) {
      return tid;
    }
    int process = threadGroup(pid);
    if (process != 0 && process != pid) {
      throw new CommandFailure(
          operation + ": " + pid + " is a thread of process " + process + ": use --tid " + pid);
    }
    return pid;
  }

  /** The task is not there, has no entry, or cannot be named: as the command's failure. */
  static CommandFailure failure(String operation, int tid, TaskResult result) {
    return switch (result) {
      case TaskResult.NoTask() ->
          new CommandFailure(
              operation
                  + ": no task "
                  + tid
                  + ": it has ended, or has another number in this pid namespace");
      case TaskResult.NoEntry() ->
          new CommandFailure(
              operation
                  + ": task "
                  + tid
                  + " has no entry: no policy selects it, or no pass has met it yet");
      case TaskResult.ThreadUnsupported() ->
          new CommandFailure(
              operation
                  + ": "
                  + tid
                  + " is a thread, and this kernel names only processes: use --pid of its process,"
                  + " or kernel 6.9 or later");
      case TaskResult.Done done -> throw new IllegalArgumentException("not a failure: " + done);
    };
  }

  private static int threadGroup(int task) {
    try (var lines = Files.lines(Path.of("/proc/" + task + "/status"))) {
      return lines
          .filter(line -> line.startsWith("Tgid:"))
          .mapToInt(line -> Integer.parseInt(line.substring("Tgid:".length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
