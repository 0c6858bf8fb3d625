package io.taskstorage.agent.cluster;

/** For tests that count otherwise. */
record NoCounts() implements ApiCounts {
  @Override
  public void begins(String resource) {}

  @Override
  public void listed(String resource, int objects) {}

  @Override
  public void event(String resource) {}

  @Override
  public void failed(String resource, int code) {}

  @Override
  public void stateWritten(boolean ok) {}
}
