package io.taskstorage.taskstore;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a map's record remembers of the time since the map was made: how many entries were late, and
 * the words that the agent has left for its successor. Beside the pin, so that it goes with the map
 * and no reboot outlives it. Where the record is gone, as when its bpffs was unmounted, nothing is
 * remembered, and nothing made in its place.
 */
final class RecordMemory {
  /** What a symlink leads to that is there for its name. */
  private static final String NOTHING = "-";

  private static final String MODE = "rwx------";

  private final PinFolders folders;

  RecordMemory(PinFolders folders) {
    this.folders = folders;
  }

  /** How many entries were late; 0 where none was. */
  static long late(Path record) {
    return PinFolders.readLink(record.resolve(PinTree.LATE_LINK))
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  /** The words of the last agent that left some. */
  static Set<String> words(Path record) {
    return PinFolders.list(record.resolve(PinTree.WORDS_FOLDER)).stream()
        .map(word -> String.valueOf(word.getFileName()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Writes down how many entries were late by now. */
  void setLate(Path record, long late) {
    if (PinFolders.stat(record).isPresent()) {
      folders.replaceLink(record.resolve(PinTree.LATE_LINK), Long.toString(late));
    }
  }

  /** The record that takes another's place counts on from there, and has its words. */
  void inherit(Path record, Path from) {
    long late = late(from);
    if (late > 0) {
      setLate(record, late);
    }
    Set<String> words = words(from);
    if (!words.isEmpty()) {
      setWords(record, words);
    }
  }

  /** Leaves these words, in place of those before; those that stay are there all the time. */
  void setWords(Path record, Set<String> words) {
    if (PinFolders.stat(record).isEmpty()) {
      return;
    }
    Path folder = record.resolve(PinTree.WORDS_FOLDER);
    Set<String> before = words(record);
    for (String gone : without(before, words)) {
      folders.remove(folder.resolve(gone));
    }
    folders.makeFolder(folder, MODE);
    for (String more : without(words, before)) {
      folders.symlink(folder.resolve(more), NOTHING);
    }
  }

  /** The words are of no use any more. */
  void forgetWords(Path record) {
    folders.removeTree(record.resolve(PinTree.WORDS_FOLDER));
  }

  private static List<String> without(Set<String> some, Set<String> others) {
    Set<String> left = new HashSet<>(some);
    left.removeAll(others);
    return left.stream().sorted().toList();
  }
}
