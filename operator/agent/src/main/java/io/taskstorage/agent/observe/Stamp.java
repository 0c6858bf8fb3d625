package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.ManifestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * What stat(2) says of a file: when it is equal at two times, nothing was written in between.
 *
 * @param device of the file that a link leads to
 * @param inode of the file that a link leads to
 * @param sizeBytes its length
 * @param changed its ctime, which no program can set
 */
record Stamp(long device, long inode, long sizeBytes, Instant changed) {

  /** What is at a path. */
  sealed interface Look {
    /** A regular file. */
    record Regular(Stamp stamp) implements Look {}

    /** Nothing, not even a link. */
    record Gone() implements Look {}

    /** Something that is no manifest. */
    record Unusable(String why) implements Look {}
  }

  static Look of(Path file) {
    try {
      Map<String, Object> stat =
          Files.readAttributes(file, "unix:dev,ino,size,ctime,isRegularFile");
      if (!Boolean.TRUE.equals(stat.get("isRegularFile"))) {
        return new Look.Unusable("not a regular file: remove it or give it another name");
      }
      return new Look.Regular(
          new Stamp(
              ((Number) present(stat, "dev")).longValue(),
              ((Number) present(stat, "ino")).longValue(),
              ((Number) present(stat, "size")).longValue(),
              ((FileTime) present(stat, "ctime")).toInstant()));
    } catch (NoSuchFileException e) {
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          ? new Look.Unusable("a link to nothing: mend or remove it")
          : new Look.Gone();
    } catch (IOException e) {
      return new Look.Unusable(ManifestFiles.reason(e));
    }
  }

  private static Object present(Map<String, Object> stat, String key) {
    Object value = stat.get(key);
    if (value == null) {
      throw new IllegalStateException("the unix attribute view has no " + key);
    }
    return value;
  }
}
