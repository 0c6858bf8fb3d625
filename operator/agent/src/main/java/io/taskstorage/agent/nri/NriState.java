package io.taskstorage.agent.nri;

import java.nio.file.Path;

/** How it stands with the container runtime's events. */
public sealed interface NriState {
  /** In one line. */
  String text();

  /** Nobody asks for them, or not any more. */
  record Off() implements NriState {
    @Override
    public String text() {
      return "off";
    }
  }

  /** The runtime offers none, or does not run. */
  record NotThere(Path socket) implements NriState {
    @Override
    public String text() {
      return "no socket at " + socket;
    }
  }

  /** There is a socket, and no connection; it is tried again. */
  record Refused(Path socket, String why) implements NriState {
    @Override
    public String text() {
      return "connect " + socket + ": " + why;
    }
  }

  /** They come. */
  record Connected(String runtime) implements NriState {
    @Override
    public String text() {
      return "connected to " + runtime;
    }
  }
}
