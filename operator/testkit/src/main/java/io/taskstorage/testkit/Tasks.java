package io.taskstorage.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Real tasks of this kernel for tests: processes, threads, zombies, vfork children, tasks in other
 * pid namespaces, any number of them, each obeying its {@link Task}.
 *
 * <p>Behind it stands a small C program, the driver, which is compiled once and ended by {@link
 * #close}, with all its descendants. Every call returns when the kernel shows the result (the new
 * task runs, the ended one is a zombie or gone): nothing has to be waited for afterwards.
 *
 * <p>Any thread may call; calls follow one another.
 */
public final class Tasks implements AutoCloseable {
  private static final int DRIVER = -1;

  private final Process driver;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private boolean closed;

  private Tasks(Process driver) {
    this.driver = driver;
    this.commands = driver.outputWriter(StandardCharsets.UTF_8);
    this.answers = driver.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts the driver. */
  public static Tasks start() {
    Path program = Gcc.compileResources("tasks", "driver.c", "task.c", "tasks.h");
    try {
      Process driver =
          new ProcessBuilder(program.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Tasks tasks = new Tasks(driver);
      tasks.answer("start");
      return tasks;
    } catch (IOException e) {
      throw new UncheckedIOException("start tasks: " + e.getMessage(), e);
    }
  }

  /** The pid of the driver: parent of every {@link #process} and adopter of orphans. */
  public int driverPid() {
    return Math.toIntExact(driver.pid());
  }

  /** A new process with one thread, child of the driver, in the driver's cgroup. */
  public Task process() {
    return spawn(DRIVER, "fork", 1, "").getFirst();
  }

  /** Many of them. */
  public List<Task> processes(int count) {
    return spawn(DRIVER, "fork", count, "");
  }

  /** A new process, born in {@code cgroup} (CLONE_INTO_CGROUP). */
  public Task processIn(Path cgroup) {
    return processesIn(cgroup, 1).getFirst();
  }

  /** Many of them. */
  public List<Task> processesIn(Path cgroup, int count) {
    return spawn(DRIVER, "into", count, cgroup.toString());
  }

  /** Ends every task and the driver. Fails if they do not end. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      commands.close();
    } catch (IOException e) {
      // The driver ended before: its exit code tells the rest.
    }
    try (answers) {
      if (!driver.waitFor(Limits.GENEROUS.toSeconds(), TimeUnit.SECONDS)) {
        driver.destroyForcibly();
        throw new IllegalStateException(
            "end tasks: the driver " + driver.pid() + " still runs: its tasks may be left over");
      }
      if (driver.exitValue() != 0) {
        throw new IllegalStateException("end tasks: the driver ended with " + driver.exitValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("end tasks: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      driver.destroyForcibly();
      throw new IllegalStateException("end tasks: interrupted", e);
    }
  }

  List<Task> spawn(int parent, String kind, int count, String text) {
    String answer = call("spawn", parent, kind, count, text);
    List<Task> born = new ArrayList<>(count);
    for (String word : answer.split(" ", -1)) {
      String[] numbers = word.split(":", -1);
      born.add(
          new Task(
              this,
              Integer.parseInt(numbers[0]),
              Integer.parseInt(numbers[1]),
              Integer.parseInt(numbers[2])));
    }
    return born;
  }

  synchronized String call(String verb, int slot, String word, int number, String text) {
    String command = "%s %d %s %d %s".formatted(verb, slot, word, number, text);
    try {
      commands.write(command);
      commands.newLine();
      commands.flush();
      return answer(command);
    } catch (IOException e) {
      throw new UncheckedIOException("task " + command + ": " + e.getMessage(), e);
    }
  }

  private String answer(String command) throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IllegalStateException("task " + command + ": the driver has ended");
    }
    if (line.startsWith("error ")) {
      throw new TaskRefused("task " + command.strip() + ": " + line.substring("error ".length()));
    }
    return line.substring("ok".length()).strip();
  }
}
