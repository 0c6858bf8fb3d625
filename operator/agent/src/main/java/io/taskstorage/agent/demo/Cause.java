package io.taskstorage.agent.demo;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Why something failed, in words. */
final class Cause {
  private Cause() {}

  /** The JDK's file exceptions name the file and leave the cause to their type. */
  static String of(Exception failure) {
    return switch (failure) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileSystemException known when known.getReason() == null ->
          known.getFile() + ": " + known.getClass().getSimpleName();
      default -> String.valueOf(failure.getMessage());
    };
  }
}
