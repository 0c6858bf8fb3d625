package io.taskstorage.agent.cluster;

/** Who counts what the API server tells. Called from several threads. */
public interface ApiCounts {
  /** A resource is about to be listed and watched: its counts begin at zero. */
  void begins(String resource);

  /** A complete list came. */
  void listed(String resource, int objects);

  /** An event of a watch came. */
  void event(String resource);

  /** An attempt failed; code 0 = there was no answer. */
  void failed(String resource, int code);

  /** The node's state was written, or the attempt failed. */
  void stateWritten(boolean ok);
}
