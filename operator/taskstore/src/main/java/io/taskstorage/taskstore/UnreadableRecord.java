package io.taskstorage.taskstore;

import java.nio.file.Path;

/**
 * A complete record that this version does not understand: most likely a newer one wrote it, and
 * somebody went back. It is left as it is, and so is its map.
 *
 * @param mapName the map's name as the folder has it
 * @param folder where the record is
 * @param what the part that is not understood, such as "layout a{b:U128}"
 */
record UnreadableRecord(String mapName, Path folder, String what) {
  private static final int MAX_CHARS = 120;

  UnreadableRecord {
    // A layout may have thousands of characters.
    what = what.length() <= MAX_CHARS ? what : what.substring(0, MAX_CHARS) + "…";
  }

  Path pin() {
    return folder.resolve(PinTree.MAP_PIN);
  }

  StoreException refusal() {
    return new StoreException(new StoreProblem.RecordUnreadable(folder, what));
  }
}
