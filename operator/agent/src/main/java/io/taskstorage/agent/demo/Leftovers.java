package io.taskstorage.agent.demo;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Bpffs;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.StoreException;
import io.taskstorage.taskstore.TaskStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What demos that were killed could not take back: pins, a bpffs, cgroups, files. Theirs is what
 * bears a demo's name, belongs to this user, and whose process has ended. A demo that this process
 * cannot see, in another pid namespace, still holds its pins' lock or its cgroups, and keeps them.
 */
public final class Leftovers {
  private Leftovers() {}

  /**
   * Removes them.
   *
   * @param usual where demos make a folder if it is on a bpffs
   * @param cgroupRoot where demos make a cgroup
   * @return one sentence for each dead demo; none where there is none
   */
  public static List<String> remove(PinTree usual, Optional<Path> cgroupRoot) {
    List<String> told = new ArrayList<>();
    List<Path> pins = Bpffs.isBpffs(usual.root()) ? ofTheDead(usual.root()) : List.of();
    List<Path> homes = ofTheDead(Home.parent());
    List<Path> cgroups = cgroupRoot.map(Leftovers::ofTheDead).orElse(List.of());
    Stream.of(pins, homes, cgroups)
        .flatMap(List::stream)
        .map(Leftovers::name)
        .flatMap(Optional::stream)
        .distinct()
        .sorted(Comparator.comparingLong(DemoName::pid).thenComparingLong(DemoName::start))
        .forEach(name -> told.add(remove(name, pins, homes, cgroups)));
    return told;
  }

  private static String remove(
      DemoName name, List<Path> pins, List<Path> homes, List<Path> cgroups) {
    try {
      // Pins first: cleaning is refused while a demo lives that cannot be seen from here.
      for (Path folder : of(name, pins)) {
        TaskStores.clean(new PinTree(folder));
        Files.delete(folder);
      }
      for (Path home : of(name, homes)) {
        Path bpffs = home.resolve("bpf");
        if (Bpffs.isBpffs(bpffs)) {
          TaskStores.clean(new PinTree(bpffs));
          Bpffs.unmount(bpffs);
        }
      }
      for (Path cgroup : of(name, cgroups)) {
        removeCgroups(cgroup);
      }
      for (Path home : of(name, homes)) {
        removeAll(home);
      }
      return "A demo that was killed (process %d) had left things behind: they are removed."
          .formatted(name.pid());
    } catch (IOException | StoreException | BpfException e) {
      return "A demo that was killed (process %d) left things that stay: %s: remove them by hand."
          .formatted(name.pid(), Cause.of(e));
    }
  }

  private static List<Path> of(DemoName name, List<Path> paths) {
    return paths.stream().filter(path -> name(path).filter(name::equals).isPresent()).toList();
  }

  private static Optional<DemoName> name(Path path) {
    return DemoName.of(String.valueOf(path.getFileName()));
  }

  private static List<Path> ofTheDead(Path parent) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(path -> name(path).filter(demo -> !demo.isAlive()).isPresent())
          .filter(Leftovers::isOurs)
          .toList();
    } catch (IOException e) {
      // What cannot be looked at cannot be cleaned either.
      return List.of();
    }
  }

  /** A folder that this user made: others may make what bears such a name. */
  private static boolean isOurs(Path path) {
    try {
      return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
              .equals(Files.getOwner(Path.of("/proc/self")));
    } catch (IOException e) {
      return false;
    }
  }

  /** Inner ones first; the files in them are the kernel's. */
  private static void removeCgroups(Path top) throws IOException {
    try (Stream<Path> inside = Files.walk(top)) {
      for (Path folder : inside.filter(Files::isDirectory).sorted(innerFirst()).toList()) {
        Files.delete(folder);
      }
    }
  }

  private static void removeAll(Path top) throws IOException {
    try (Stream<Path> inside = Files.walk(top)) {
      for (Path path : inside.sorted(innerFirst()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static Comparator<Path> innerFirst() {
    return Comparator.comparingInt(Path::getNameCount).reversed();
  }
}
