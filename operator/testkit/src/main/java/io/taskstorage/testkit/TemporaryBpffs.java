package io.taskstorage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A bpffs of its own, mounted on a new folder by mount(8). Tests usually get one as a {@link
 * BpffsMount} parameter.
 */
public final class TemporaryBpffs implements AutoCloseable {
  private final Path path;

  private TemporaryBpffs(Path path) {
    this.path = path;
  }

  /** Mounts an empty one. */
  public static TemporaryBpffs mount() {
    Path folder = RunName.newFolder();
    Outcome outcome = Command.of("mount", "-t", "bpf", "bpf", folder.toString()).run();
    if (outcome.exitCode() != 0) {
      remove(folder);
      throw new AssertionError("mount bpffs " + folder + ": " + outcome.stderr().strip());
    }
    return new TemporaryBpffs(folder);
  }

  /** The mount point. */
  public Path path() {
    return path;
  }

  /** Unmounts it; its pins go with it. Fails if something of it is still in use. */
  @Override
  public void close() {
    Outcome outcome = Command.of("umount", path.toString()).run();
    if (outcome.exitCode() != 0) {
      // Detached at least, so that the machine is clean; but somebody holds a file in it.
      Command.of("umount", "--lazy", path.toString()).run();
    }
    remove(path);
    if (outcome.exitCode() != 0) {
      throw new AssertionError("unmount bpffs " + path + ": " + outcome.stderr().strip());
    }
  }

  private static void remove(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("remove " + folder + ": " + e.getMessage(), e);
    }
  }
}
