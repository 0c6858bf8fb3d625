package io.taskstorage.agent.demo;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The demo's folder for temporary things, readable for nobody else. Named after the demo's process
 * where that name is free: people read it, and a later demo sees by it whose it was.
 */
record Home(String name, Path folder) {
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  static Home make(Undo undo) throws IOException {
    String name = DemoName.ofThisProcess().toString();
    Path folder = make(parent(), name);
    undo.add("remove " + folder, () -> Files.delete(folder));
    return new Home(name, folder);
  }

  /** Where homes are. */
  static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  private static Path make(Path parent, String name) throws IOException {
    try {
      return Files.createDirectory(parent.resolve(name), OURS);
    } catch (FileAlreadyExistsException e) {
      return Files.createTempDirectory(parent, name + "-", OURS);
    }
  }

  /** Makes a folder in it. */
  Path subfolder(String child, Undo undo) throws IOException {
    Path made = Files.createDirectory(folder.resolve(child));
    undo.add("remove " + made, () -> removeWithFiles(made));
    return made;
  }

  private static void removeWithFiles(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
