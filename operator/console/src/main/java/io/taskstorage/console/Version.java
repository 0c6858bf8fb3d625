package io.taskstorage.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build. */
public final class Version {
  private Version() {}

  /** Such as {@code 0.1.0-SNAPSHOT}. */
  public static String text() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("read version.properties: not in the jar: build it again");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("read version.properties: " + e.getMessage(), e);
    }
    return properties.getProperty("version", "unknown");
  }
}
