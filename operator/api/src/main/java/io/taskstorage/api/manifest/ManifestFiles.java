package io.taskstorage.api.manifest;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.regex.Pattern;

/** Which files are manifests, and why one cannot be read. */
public final class ManifestFiles {
  private static final List<String> SUFFIXES = List.of(".yaml", ".yml", ".json");

  private static final Pattern LOOP = Pattern.compile("Too many levels of symbolic links");

  private ManifestFiles() {}

  /** Hidden files and what editors leave while they write are no manifests. */
  public static boolean isManifest(String name) {
    return !name.startsWith(".")
        && !name.startsWith("#")
        && SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /** Why a file or folder cannot be read, with the mend. */
  public static String reason(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied: make it readable for this user";
      case NoSuchFileException _ -> "no such file or folder: create it";
      case NotDirectoryException _ -> "not a folder: name the folder that holds the manifests";
      case FileSystemException e when LOOP.matcher(String.valueOf(e.getReason())).lookingAt() ->
          "a link to itself: mend or remove it";
      case FileSystemException e when "Too many open files".equals(e.getReason()) ->
          "too many open files: raise the limit of open files (ulimit -n)";
      case FileSystemException e when e.getReason() != null ->
          "cannot be read (%s): mend the file system".formatted(e.getReason());
      default -> "cannot be read (%s): mend the file system".formatted(failure.getMessage());
    };
  }
}
