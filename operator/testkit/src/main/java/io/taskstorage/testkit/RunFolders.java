package io.taskstorage.testkit;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Names every {@code @TempDir} after this run, so that what is mounted or opened there is known as
 * ours.
 */
public final class RunFolders implements TempDirFactory {
  /** For JUnit, which finds the name in junit-platform.properties. */
  public RunFolders() {}

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) {
    return RunName.newFolder();
  }
}
