package io.taskstorage.agent.nri;

import java.io.IOException;

/**
 * A peer sent what its protocol does not allow: nothing of that connection can be read any more.
 */
final class NonsenseException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what came, and what it may be. */
  NonsenseException(String message) {
    super(message);
  }
}
