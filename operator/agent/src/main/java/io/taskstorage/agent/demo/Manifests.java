package io.taskstorage.agent.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The folder that the loop reads. */
final class Manifests {
  private final Path folder;
  private final Path drafts;
  private final String top;

  private Manifests(Path folder, Path drafts, String top) {
    this.folder = folder;
    this.drafts = drafts;
    this.top = top;
  }

  /** A new folder, gone with undo; top stands for {@code $CGROUP} in what is put there. */
  static Manifests make(Home home, String top, Undo undo) throws IOException {
    return new Manifests(home.subfolder("manifests", undo), home.subfolder("drafts", undo), top);
  }

  Path folder() {
    return folder;
  }

  /** The text of one of the demo's manifests. */
  String text(String name) {
    try (InputStream in = Manifests.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("read " + name + ": not in the jar: build it again");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.replace("$CGROUP", top);
    } catch (IOException e) {
      throw new UncheckedIOException("read " + name + ": " + e.getMessage(), e);
    }
  }

  /** Puts a file there, whole at once. */
  void put(String name, String text) throws IOException {
    Path draft = Files.writeString(drafts.resolve(name), text);
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  void remove(String name) throws IOException {
    Files.delete(folder.resolve(name));
  }
}
