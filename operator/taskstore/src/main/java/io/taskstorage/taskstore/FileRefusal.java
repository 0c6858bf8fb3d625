package io.taskstorage.taskstore;

import io.taskstorage.bpf.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/**
 * Why a file call was refused, and how to mend it. Java keeps no errno, only the text of
 * strerror(3), which is this one unless a message catalog of libc translates it.
 *
 * @param reason the name of the errno where it is known, else {@code Unreadable}
 */
record FileRefusal(String reason, String why, String mend) {
  private static final String OWNER = "run as the user who owns the folder, or as root";

  static FileRefusal of(IOException e) {
    String cause = cause(e);
    String why = cause.toLowerCase(Locale.ROOT);
    return switch (cause) {
      case "Too many open files" ->
          new FileRefusal(Errno.EMFILE.name(), why, "raise the limit of open files (ulimit -n)");
      case "Too many open files in system" ->
          new FileRefusal(Errno.ENFILE.name(), why, "raise fs.file-max");
      case "Permission denied" -> new FileRefusal(Errno.EACCES.name(), why, OWNER);
      case "Operation not permitted" -> new FileRefusal(Errno.EPERM.name(), why, OWNER);
      case "Read-only file system" ->
          new FileRefusal(Errno.EROFS.name(), why, "mount it for writing");
      default -> new FileRefusal("Unreadable", why, "see the cause");
    };
  }

  /** Whether it says nothing about the file: no descriptor was free to look at it. */
  boolean isLackOfDescriptors() {
    return reason.equals(Errno.EMFILE.name()) || reason.equals(Errno.ENFILE.name());
  }

  private static String cause(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return String.valueOf(e.getMessage());
  }
}
