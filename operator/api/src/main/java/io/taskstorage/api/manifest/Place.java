package io.taskstorage.api.manifest;

/**
 * Where something is written.
 *
 * @param file the file as its reader names it
 * @param line counted from 1; 0 for the file as a whole
 */
public record Place(String file, int line) {

  /** The whole of a file. */
  public static Place of(String file) {
    return new Place(file, 0);
  }

  /** {@code file:line} as compilers write it, so that editors can jump there. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
