package io.taskstorage.taskstore;

import io.taskstorage.bpf.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Map;

/**
 * Why a file call was refused, and how to mend it. Java keeps no errno but only libc's text of it,
 * which differs from one libc to another and from one language to another: so libc is asked for its
 * texts.
 *
 * @param reason the name of the errno where it is known, else {@code Unreadable}
 */
record FileRefusal(String reason, String why, String mend) {
  private static final String OWNER = "run as the user who owns the folder, or as root";

  /** Asked for once: to look one up takes no descriptor and no class when there are none left. */
  private static final Map<String, FileRefusal> BY_TEXT =
      Map.ofEntries(
          known(Errno.EMFILE, "raise the limit of open files (ulimit -n)"),
          known(Errno.ENFILE, "raise fs.file-max"),
          known(Errno.EACCES, OWNER),
          known(Errno.EPERM, OWNER),
          known(Errno.EROFS, "mount it for writing"));

  static FileRefusal of(IOException e) {
    return of(cause(e));
  }

  static FileRefusal of(Errno errno) {
    return of(errno.systemText());
  }

  private static FileRefusal of(String cause) {
    FileRefusal known = BY_TEXT.get(cause);
    return known != null
        ? known
        : new FileRefusal("Unreadable", cause.toLowerCase(Locale.ROOT), "see the cause");
  }

  private static Map.Entry<String, FileRefusal> known(Errno errno, String mend) {
    return Map.entry(errno.systemText(), new FileRefusal(errno.name(), errno.meaning(), mend));
  }

  /** Whether it says nothing about the file: no descriptor was free to look at it. */
  boolean isLackOfDescriptors() {
    return reason.equals(Errno.EMFILE.name()) || reason.equals(Errno.ENFILE.name());
  }

  private static String cause(IOException e) {
    if (e instanceof AccessDeniedException) {
      return Errno.EACCES.systemText();
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return String.valueOf(e.getMessage());
  }
}
