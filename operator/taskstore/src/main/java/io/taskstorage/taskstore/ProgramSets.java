package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.VerifierException;
import io.taskstorage.taskstore.inkernel.ProgramSet;
import io.taskstorage.taskstore.inkernel.ProgramSource;
import io.taskstorage.taskstore.inkernel.Told;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The set of programs in force, which another one follows when other maps are wanted, so that at no
 * moment none is. The one before may stay attached for a while, with the rows that it had: a map
 * that is still public, in its old form, then goes on.
 */
final class ProgramSets implements AutoCloseable {
  private final ProgramFolders folders;
  private final ProgramSource source;
  private final StatedRows rows;
  private List<ManagedMap> maps = List.of();
  private @Nullable ProgramSet set;
  private @Nullable Path folder;
  private @Nullable SetPins pins;

  /** The one before, unless an earlier process has loaded it. */
  private @Nullable ProgramSet before;

  private boolean isHandingOver;
  private Starts startsBefore = Starts.NONE;
  private long lost;
  private @Nullable Told told;
  private @Nullable ProgramSet heard;

  /** A set of maps for which the verifier takes no programs, and what it said. */
  private List<ManagedMap> refusedMaps = List.of();

  private @Nullable StoreProblem refusal;

  /**
   * @param source of the programs of every set
   * @param rows those that every set gets
   */
  ProgramSets(ProgramFolders folders, ProgramSource source, StatedRows rows) {
    this.folders = folders;
    this.source = source;
    this.rows = rows;
  }

  /** The set that this process has brought in force. */
  Optional<ProgramSet> current() {
    return Optional.ofNullable(set);
  }

  /** The maps of the current set, in its order. */
  List<ManagedMap> maps() {
    return maps;
  }

  /** True if the programs in force are those of these maps. */
  boolean isOf(List<ManagedMap> wanted) {
    return set != null && maps.equals(wanted);
  }

  /**
   * The programs of these maps, attached with all rows; none where there is no map. What an earlier
   * process left in force is taken over where it fits.
   *
   * @param staysBefore what was in force stays attached beside them until {@link #settle}
   * @throws StoreException if the kernel refuses; what was in force stays so
   */
  Optional<ProgramSet> of(List<ManagedMap> wanted, boolean staysBefore) {
    if (refusal != null && wanted.equals(refusedMaps)) {
      // To find that out again would take the verifier as long again.
      throw new StoreException(refusal);
    }
    try {
      if (!isOf(wanted)) {
        settle();
        exchange(wanted, staysBefore);
      }
      hear();
      return current();
    } catch (VerifierException e) {
      refusedMaps = wanted;
      refusal = new StoreProblem.ProgramsRefused(wanted.size(), e);
      throw new StoreException(refusal);
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }

  /**
   * The pins of the current set that another process has removed or replaced; none while the one
   * before is to stay, and none where the agent's whole folder is away, as in a bpffs that was
   * unmounted: this process has locked no folder there, so it may make nothing.
   */
  List<Path> lostPins() {
    return pins == null || isHandingOver || !folders.areThere() ? List.of() : pins.lost();
  }

  /**
   * Programs of the same maps, with pins of their own, take the place of the current ones.
   *
   * @throws BpfException if the kernel refuses; what was in force stays so
   */
  void renew() {
    exchange(maps, false);
    hear();
  }

  /** The current set has the rows that are stated now, and none besides. */
  void restate() {
    if (set != null) {
      state(set, maps);
    }
  }

  private void exchange(List<ManagedMap> wanted, boolean staysBefore) {
    ProgramSet last = set;
    set = wanted.isEmpty() ? null : inForce(wanted, last == null);
    pins = set == null ? null : pinsOf(set);
    maps = wanted;
    if (last != null) {
      // From here on the next one counts as well.
      startsBefore = startsBefore.plus(Starts.of(last));
    }
    before = last;
    isHandingOver = true;
    if (!staysBefore) {
      settle();
    }
  }

  /**
   * Only the current set stays in force. What the one before was in the middle of is stored when
   * this returns, by the rows that it had.
   *
   * @return whether there may have been another one
   */
  boolean settle() {
    if (!isHandingOver) {
      return false;
    }
    if (before != null) {
      // By its pins it is found only while they are there.
      before.retire();
    }
    if (set == null) {
      folders.dropAll();
    } else {
      folders.dropAllBut(Objects.requireNonNull(folder));
    }
    if (before != null) {
      before.close();
      before = null;
    }
    if (set != null) {
      set.awaitPrograms();
    }
    isHandingOver = false;
    return true;
  }

  private ProgramSet inForce(List<ManagedMap> wanted, boolean isFirst) {
    List<ProgramSet.SetMap> now = wanted.stream().map(ProgramSets::ofSet).toList();
    Optional<Path> left = isFirst ? folders.newest() : Optional.empty();
    Optional<ProgramSet> adopted = left.flatMap(of -> ProgramSet.adopt(source, now, of));
    if (adopted.isPresent()) {
      return adopted(adopted.get(), wanted, left.orElseThrow());
    }
    ProgramSet next = ProgramSet.load(source, now);
    try {
      rows.putAll(new StatedRows.Target(next, wanted));
      next.attach();
      Path begun = folders.begin();
      next.pin(begun, folders::pinned);
      folders.complete(begun);
      folder = begun;
      return next;
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
  }

  private ProgramSet adopted(ProgramSet earlier, List<ManagedMap> wanted, Path left) {
    try {
      state(earlier, wanted);
      folder = left;
      return earlier;
    } catch (RuntimeException e) {
      earlier.close();
      throw e;
    }
  }

  private void state(ProgramSet of, List<ManagedMap> wanted) {
    rows.putAll(new StatedRows.Target(of, wanted));
    for (long cgroup : of.cgroups()) {
      if (!rows.contains(new CgroupId(cgroup))) {
        of.unassign(cgroup);
      }
    }
  }

  private SetPins pinsOf(ProgramSet of) {
    Path ofFolder = Objects.requireNonNull(folder);
    List<Path> all = new ArrayList<>(of.pins(ofFolder));
    all.add(ProgramFolders.mark(ofFolder));
    return new SetPins(all);
  }

  private static ProgramSet.SetMap ofSet(ManagedMap map) {
    if (!(map.entries() instanceof BpfMap entries)) {
      throw new IllegalStateException("load programs for " + map.name() + ": not a kernel map");
    }
    return new ProgramSet.SetMap(
        entries, map.spec().layout().sizeBytes(), map.spec().layout().ownedRanges());
  }

  /** From now on this is called with what programs tell, of whichever set is in force. */
  void listen(Told wanted) {
    told = wanted;
    hear();
  }

  private void hear() {
    if (told != null && set != null && heard != set) {
      set.listen(told);
      heard = set;
    }
  }

  /** How tasks have started, since this process has brought programs in force. */
  Starts starts() {
    return set == null ? startsBefore : startsBefore.plus(Starts.of(set));
  }

  /**
   * True if programs could not tell something since this was asked last, perhaps a move. When it is
   * asked first that may be of any time since the set was loaded.
   */
  boolean hasLostEvents() {
    long earlier = lost;
    lost = starts().lost();
    return lost != earlier;
  }

  /** Lets go of what is pinned, which stays in force. */
  @Override
  public void close() {
    if (before != null) {
      before.close();
      before = null;
    }
    if (set != null) {
      set.close();
      set = null;
    }
  }
}
