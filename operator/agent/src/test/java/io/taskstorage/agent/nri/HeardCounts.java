package io.taskstorage.agent.nri;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told, in order. */
final class HeardCounts implements NriCounts {
  private final List<String> heard = new CopyOnWriteArrayList<>();

  List<String> heard() {
    return List.copyOf(heard);
  }

  @Override
  public void runtime(boolean isConnected) {
    heard.add(isConnected ? "connected" : "lost");
  }

  @Override
  public void runtimeEvent(String method) {
    heard.add(method);
  }

  @Override
  public void containerStart(StartGate.Outcome outcome, long nanos) {
    heard.add(outcome.name());
  }
}
