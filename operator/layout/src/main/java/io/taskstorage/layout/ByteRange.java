package io.taskstorage.layout;

/**
 * A run of bytes within a value.
 *
 * @param offsetBytes the first byte
 * @param lengthBytes how many, at least 1
 */
public record ByteRange(int offsetBytes, int lengthBytes) {

  /** The first byte after the run. */
  public int endBytes() {
    return offsetBytes + lengthBytes;
  }
}
