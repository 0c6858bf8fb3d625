package io.taskstorage.agent.report;

import io.taskstorage.agent.execute.Outcome;
import io.taskstorage.agent.observe.FileNotice;
import io.taskstorage.api.manifest.FileProblem;
import io.taskstorage.api.manifest.ObjectKey;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.SweepCounts;
import io.taskstorage.taskstore.TaskFailure;

/** One change that a user is told of. {@link LineText} and {@link LineJson} say it. */
public sealed interface Line {

  /** Something in the folder is not taken. */
  record ProblemFound(FileProblem problem) implements Line {}

  /** It is now, or it is gone. */
  record ProblemMended(FileProblem problem) implements Line {}

  /** Something in the folder is passed over. */
  record Noticed(FileNotice notice) implements Line {}

  /** A step was done, failed or was skipped; sweeps have lines of their own. */
  record Stepped(Outcome outcome) implements Line {}

  /** A sweep changed entries of a map. */
  record Swept(MapName map, SweepCounts counts) implements Line {}

  /** Something costs more than it should, and works all the same. */
  record Warned(String message) implements Line {}

  /** The pins, or a part of the cgroup tree, could not be read. */
  record Unreadable(String message) implements Line {}

  /** They can be read again. */
  record ReadableAgain(String message) implements Line {}

  /** Tasks do not have their value. */
  record TasksFailed(TaskFailure failure) implements Line {}

  /** Tasks have their value again. */
  record TasksMended(TaskFailure failure) implements Line {}

  /** The conditions of an object changed. */
  record StatusChanged(ObjectStatus status) implements Line {}

  /** An object is no more. */
  record ObjectGone(ObjectKey key) implements Line {}
}
