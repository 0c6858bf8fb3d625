package io.taskstorage.testkit.cluster;

import java.util.ArrayList;
import java.util.List;

/** One process of a cluster that tests end and start again. Any thread may call. */
public final class Part {
  private final String cluster;
  private final String verb;
  private final List<String> which;

  Part(String cluster, String verb, List<String> which) {
    this.cluster = cluster;
    this.verb = verb;
    this.which = List.copyOf(which);
  }

  /** Starts it and waits until it is ready. */
  public void start() {
    run("start");
  }

  /** Starts it although there is no API server, and does not wait until it is ready. */
  public void startAlone() {
    run("start", "--no-wait");
  }

  /** Ends it by SIGTERM and waits until it is gone. */
  public void stop() {
    run("stop");
  }

  /** Ends it by SIGKILL and waits until it is gone. */
  public void kill() {
    run("kill");
  }

  void run(String action, String... more) {
    List<String> words = new ArrayList<>(List.of(verb, action, "--name", cluster));
    words.addAll(which);
    words.addAll(List.of(more));
    ApiServer.program(words.toArray(String[]::new)).stdoutIfDone();
  }
}
