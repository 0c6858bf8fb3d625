package io.taskstorage.agent.demo;

/** What happened is not what the story tells. */
public final class StoryBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoryBroken(String message) {
    super(message);
  }
}
