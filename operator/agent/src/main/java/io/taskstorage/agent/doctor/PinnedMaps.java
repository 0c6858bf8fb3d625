package io.taskstorage.agent.doctor;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.Errno;
import io.taskstorage.taskstore.PinTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The task storage maps that are pinned below a folder of a bpffs, whoever pinned them.
 *
 * @param maps how many there are, each counted once however many pins it has
 * @param publicPins how many pins are where consumers of our maps look
 * @param closed pins and folders that may not be looked at
 */
record PinnedMaps(int maps, int publicPins, int closed) {

  /** Counts them; none where there is no bpffs. Opens what is pinned, and changes nothing. */
  static PinnedMaps of(PinTree tree) {
    if (!Bpffs.isBpffs(tree.root())) {
      return new PinnedMaps(0, 0, 0);
    }
    Count count = new Count(tree.publicFolder());
    count.folder(tree.root());
    return new PinnedMaps(count.ids.size(), count.publicPins, count.closed);
  }

  private static final class Count {
    private final Path publicFolder;
    private final Set<Integer> ids = new HashSet<>();
    private int publicPins;
    private int closed;

    private Count(Path publicFolder) {
      this.publicFolder = publicFolder;
    }

    private void folder(Path folder) {
      for (Path entry : entries(folder)) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folder(entry);
        } else if (!Files.isSymbolicLink(entry)) {
          id(entry)
              .ifPresent(
                  id -> {
                    ids.add(id);
                    publicPins += folder.equals(publicFolder) ? 1 : 0;
                  });
        }
      }
    }

    private List<Path> entries(Path folder) {
      try (Stream<Path> entries = Files.list(folder)) {
        return entries.toList();
      } catch (IOException | UncheckedIOException e) {
        closed++;
        return List.of();
      }
    }

    /** The map's id; empty for a program, a link, a map of another type, and what is gone. */
    private OptionalInt id(Path pin) {
      try (BpfMap map = BpfMap.open(pin, Access.READ_ONLY)) {
        return OptionalInt.of(map.info().id());
      } catch (BpfException e) {
        closed += e.errno().equals(Errno.EACCES) || e.errno().equals(Errno.EPERM) ? 1 : 0;
        return OptionalInt.empty();
      }
    }
  }

  /** As a fact about the node. */
  String describe() {
    return "%d task storage maps, %d pins where consumers look%s"
        .formatted(maps, publicPins, closed == 0 ? "" : "; %d may not be read".formatted(closed));
  }
}
