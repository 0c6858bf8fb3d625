package io.taskstorage.controller.aggregate;

import io.taskstorage.policy.Problem;
import java.util.List;

/**
 * An object that exists and that no type of this version can hold: a newer definition has made a
 * number of what was a text. It is refused as a whole; all others go on.
 */
public interface Unreadable {

  /** What cannot be read, at least one. */
  List<Problem> problems();
}
