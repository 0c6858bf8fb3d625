package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.ManifestFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which manifest files a folder has. */
sealed interface FolderListing {

  /** Files that are read at most. */
  int MAX_FILES = 1000;

  /** Bytes of all manifests together. */
  long MAX_TOTAL_BYTES = 16L << 20;

  /** All of them, by name, with what stat(2) says of each. */
  record Listed(SortedMap<String, Stamp.Look> files) implements FolderListing {}

  /** They are not known: absence means nothing. */
  record Unlisted(String why) implements FolderListing {}

  static FolderListing of(Path folder) {
    SortedMap<String, Stamp.Look> files = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (ManifestFiles.isManifest(name)) {
          files.put(name, Stamp.of(entry));
        }
      }
    } catch (DirectoryIteratorException e) {
      return new Unlisted("listed in part only: mend the file system");
    } catch (IOException e) {
      return new Unlisted(ManifestFiles.reason(e));
    }
    if (files.size() > MAX_FILES) {
      return new Unlisted(
          "%d manifest files, more than the %d that are read: put several objects into one file"
              .formatted(files.size(), MAX_FILES));
    }
    long bytes = files.values().stream().mapToLong(FolderListing::sizeBytes).sum();
    if (bytes > MAX_TOTAL_BYTES) {
      return new Unlisted(
          "%d bytes of manifests, more than the %d that are read: remove what is not needed"
              .formatted(bytes, MAX_TOTAL_BYTES));
    }
    return new Listed(files);
  }

  private static long sizeBytes(Stamp.Look look) {
    return look instanceof Stamp.Look.Regular regular ? regular.stamp().sizeBytes() : 0;
  }

  /**
   * The version of a mounted ConfigMap: where its {@code ..data} link leads. It changes for all
   * files at once, so that a reading that saw it change saw parts of two versions.
   */
  static Optional<Path> version(Path folder) {
    try {
      return Optional.of(Files.readSymbolicLink(folder.resolve("..data")));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
