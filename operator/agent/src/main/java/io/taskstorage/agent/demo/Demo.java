package io.taskstorage.agent.demo;

import io.taskstorage.agent.Dirty;
import io.taskstorage.console.Terminal;
import io.taskstorage.taskstore.PinTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The demo from its first line to its last, with everything undone in between. */
public final class Demo {
  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal;
  private final PinTree usual;
  private final Optional<Path> cgroupRoot;

  /**
   * A demo that has not begun.
   *
   * @param usual below which it makes a folder of its own
   * @param cgroupRoot below which it makes a cgroup of its own; empty where there is no cgroup2
   */
  public Demo(
      PrintWriter out,
      PrintWriter err,
      Terminal terminal,
      PinTree usual,
      Optional<Path> cgroupRoot) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.usual = usual;
    this.cgroupRoot = cgroupRoot;
  }

  /**
   * Tells the story, on the caller's thread.
   *
   * @param dirty stopped when the demo is to end early
   * @param pause after each chapter, so that people can read
   * @return whether it came to its end
   * @throws IOException if a process cannot be started or a file cannot be written
   */
  public boolean tell(Dirty dirty, Duration pause) throws IOException {
    Narrator narrator = new Narrator(out, terminal);
    boolean told;
    try (Undo undo = new Undo(err)) {
      Ground ground = Ground.open(usual, cgroupRoot, undo);
      told = new Story(ground, narrator, new Pace(dirty, pause, out), undo).tell();
    }
    if (told) {
      narrator.blank();
      narrator.say("Nothing is left of it: no map, no pin, no cgroup, no process, no file.");
      narrator.say("Next: docs/tutorial/first-value.md, from a manifest to a value read in C.");
    } else {
      narrator.heading("Stopped. Everything that the demo made is undone.");
    }
    return told;
  }
}
