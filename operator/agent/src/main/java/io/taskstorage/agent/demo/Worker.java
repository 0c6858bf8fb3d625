package io.taskstorage.agent.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real process of the story: a shell that waits on its standard input. It ends when that closes,
 * so neither it nor its children outlive the demo, however the demo ends.
 */
final class Worker implements AutoCloseable {
  private static final long END_SECONDS = 10;

  /**
   * Joins the cgroup and takes its name before it says so; then forks a child for every order line.
   * {@code /proc/self} is whoever opens it: the shell itself, or its child.
   */
  private static final String SCRIPT =
      """
      exec 3<&0
      [ -z "$2" ] || echo 0 >"$2" || exit 1
      printf %s "$1" >/proc/self/comm
      echo ready
      read -r name <&3 || exit 0
      (printf %s "$name" >/proc/self/comm; echo ready; read -r never <&3) &
      echo "$!"
      read -r never <&3
      wait
      """;

  private final Process process;
  private final String name;
  private final BufferedReader answers;
  private final BufferedWriter orders;

  private Worker(Process process, String name) {
    this.process = process;
    this.name = name;
    this.answers = process.inputReader();
    this.orders = process.outputWriter();
  }

  /**
   * Starts a process and returns when it runs under its name in its cgroup.
   *
   * @param name its comm, at most 15 bytes
   * @param cgroup the cgroup it puts itself into; empty = it stays where the demo is
   */
  static Worker start(String name, Optional<Path> cgroup) throws IOException {
    String procs = cgroup.map(path -> path.resolve("cgroup.procs").toString()).orElse("");
    Process process =
        new ProcessBuilder("/bin/sh", "-c", SCRIPT, "worker", name, procs)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Worker worker = new Worker(process, name);
    worker.expectReady();
    return worker;
  }

  String name() {
    return name;
  }

  /** The process's id, which is also the tid of its only thread. */
  int pid() {
    return Math.toIntExact(process.pid());
  }

  /** Forks a child that waits like its parent, once; returns the child's pid when it runs. */
  int fork(String childName) throws IOException {
    orders.write(childName);
    orders.newLine();
    orders.flush();
    List<String> lines = new ArrayList<>(List.of(answer(), answer()));
    lines.remove("ready");
    return Integer.parseInt(lines.getFirst());
  }

  /** Ends the process and its child, and returns when the process is gone for the kernel too. */
  @Override
  public void close() throws IOException {
    orders.close();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    answers.close();
  }

  private void expectReady() throws IOException {
    try {
      answer();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("start process " + name + ": it ended at once");
    }
    return line;
  }
}
