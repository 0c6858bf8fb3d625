package io.taskstorage.taskstore;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a map's record remembers of the time since the map was made: how many entries were late, the
 * words that the agent has left for its successor, and whom it let in at the public pin. Beside the
 * pin, so that it goes with the map and no reboot outlives it. Where the record is gone, as when
 * its bpffs was unmounted, nothing is remembered, and nothing made in its place.
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

  /** Whom agents have let in at the public pin of this record's map, beyond its owner. */
  static List<PinAccess> access(Path record) {
    return PinFolders.readLink(record.resolve(PinTree.ACCESS_LINK)).stream()
        .flatMap(text -> Stream.of(text.split(",", -1)))
        .flatMap(text -> PinAccess.parse(text).stream())
        .toList();
  }

  /** These are let in and nobody else; what the owner alone has need not be remembered. */
  void setAccess(Path record, List<PinAccess> access) {
    Path link = record.resolve(PinTree.ACCESS_LINK);
    String text =
        access.stream()
            .filter(PinAccess::isShared)
            .map(PinAccess::toText)
            .distinct()
            .collect(Collectors.joining(","));
    if (text.isEmpty()) {
      folders.remove(link);
    } else if (PinFolders.stat(record).isPresent()) {
      folders.replaceLink(link, text);
    }
  }

  /** These are let in, too. */
  void addAccess(Path record, PinAccess more) {
    setAccess(record, Stream.concat(access(record).stream(), Stream.of(more)).toList());
  }

  /** Writes down how many entries were late by now. */
  void setLate(Path record, long late) {
    if (PinFolders.stat(record).isPresent()) {
      folders.replaceLink(record.resolve(PinTree.LATE_LINK), Long.toString(late));
    }
  }

  /** The record that takes another's place counts on from there, and has its words and its pin. */
  void inherit(Path record, Path from) {
    long late = late(from);
    if (late > 0) {
      setLate(record, late);
    }
    Set<String> words = words(from);
    if (!words.isEmpty()) {
      setWords(record, words);
    }
    setAccess(record, access(from));
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
