package io.taskstorage.taskstore;

import io.taskstorage.taskstore.inkernel.EarlierSet;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where sets of programs are pinned: a folder for each, named by a number that grows. A set is
 * complete once its mark is there, which comes last and goes first: what has none is residue.
 */
final class ProgramFolders {
  private static final String MARK = "complete";

  private final PinTree tree;
  private final PinFolders folders;

  ProgramFolders(PinTree tree, PinFolders folders) {
    this.tree = tree;
    this.folders = folders;
  }

  /** The maps of this node that programs may be for, with their pins. */
  List<RecordedMap> records() {
    return RecordFolders.read(tree).stream().filter(record -> !record.retained()).toList();
  }

  /** What the records remember. */
  RecordMemory memory() {
    return new RecordMemory(folders);
  }

  /** The newest complete set; nothing where no set is in force. */
  Optional<Path> newest() {
    return all().stream()
        .filter(folder -> PinFolders.stat(mark(folder)).isPresent())
        .max(Comparator.comparingInt(ProgramFolders::number));
  }

  /** Makes the folders of another set, for its pins. */
  Path begin() {
    int number = all().stream().mapToInt(ProgramFolders::number).max().orElse(0) + 1;
    Path folder = tree.programs().resolve(Integer.toString(number));
    ProgramSet.FOLDERS.forEach(name -> folders.makeFolder(folder.resolve(name)));
    return folder;
  }

  /** Whether the folder is there in which sets are pinned. */
  boolean areThere() {
    return PinFolders.stat(tree.agentFolder()).filter(FileStat::isDirectory).isPresent();
  }

  /** A pin of a set was made. */
  void pinned(Path pin) {
    folders.pinned(pin);
  }

  /** All pins of a set are there. */
  void complete(Path folder) {
    folders.symlink(mark(folder), MARK);
  }

  /** Removes every set but one: their programs do nothing more, and are detached. */
  void dropAllBut(Path kept) {
    all().stream().filter(folder -> !folder.equals(kept)).forEach(this::drop);
  }

  /** Removes every set. */
  void dropAll() {
    all().forEach(this::drop);
    folders.removeIfEmpty(tree.programs());
  }

  /** Removes what a crash left of a set that was not complete. */
  void removeResidue() {
    all().stream().filter(folder -> PinFolders.stat(mark(folder)).isEmpty()).forEach(this::drop);
  }

  private void drop(Path folder) {
    EarlierSet.retire(folder);
    folders.remove(mark(folder));
    ProgramSet.FOLDERS.forEach(name -> folders.removeTree(folder.resolve(name)));
    folders.removeTree(folder);
  }

  private List<Path> all() {
    return PinFolders.list(tree.programs());
  }

  /** What says that all pins of a set are there. */
  static Path mark(Path folder) {
    return folder.resolve(MARK);
  }

  /** 0 for a name that is none of ours, which nobody but us can have made. */
  private static int number(Path folder) {
    try {
      return Integer.parseInt(String.valueOf(folder.getFileName()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
