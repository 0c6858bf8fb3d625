package io.taskstorage.taskstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * What lstat(2) says of a path.
 *
 * @param mode type and permission bits
 */
record FileStat(long inode, int uid, int gid, int mode) {
  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int SYMLINK = 0120000;

  /**
   * Looks at the path itself, links not followed.
   *
   * @throws java.nio.file.NoSuchFileException if there is nothing
   */
  static FileStat of(Path path) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:ino,uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    return new FileStat(
        number(attributes, "ino").longValue(),
        number(attributes, "uid").intValue(),
        number(attributes, "gid").intValue(),
        number(attributes, "mode").intValue());
  }

  boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean isSymlink() {
    return (mode & TYPE) == SYMLINK;
  }

  /** Whether any of these permission bits is set. */
  boolean permits(int bits) {
    return (mode & bits) != 0;
  }

  /** The permission bits as chmod(1) takes them. */
  String modeText() {
    return "0%03o".formatted(mode & 0777);
  }

  private static Number number(Map<String, Object> attributes, String name) throws IOException {
    if (attributes.get(name) instanceof Number number) {
      return number;
    }
    throw new IOException("no attribute " + name);
  }
}
