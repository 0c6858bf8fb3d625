package io.taskstorage.agent.nri;

/** Told of what comes from the container runtime, on the thread that hears it. */
public interface NriCounts {
  /** A connection is synchronized, or has ended. */
  void runtime(boolean isConnected);

  /** A call of the runtime was answered. */
  void runtimeEvent(String method);

  /** The start of a container was answered, after it had waited for so long. */
  void containerStart(StartGate.Outcome outcome, long nanos);
}
