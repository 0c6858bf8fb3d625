package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.MapInfo;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.bpf.btf.Btf;
import java.util.ArrayList;
import java.util.List;

/** Makes the kernel's map for a wanted one, and compares one that was found with it. */
final class NewMap {
  /** Two pages less the element's own 72 bytes (mm/slub.c, kmalloc_nolock). */
  private static final int FITS_EVERY_KERNEL = 8120;

  private NewMap() {}

  /**
   * A map with exactly the attributes that consumers expect, which takes entries.
   *
   * @throws StoreException if the kernel takes no entry of this size
   */
  static BpfMap create(StoreMap wanted) {
    BpfMap map = BpfMap.create(spec(wanted));
    try {
      tryOneEntry(map, wanted);
      return map;
    } catch (RuntimeException e) {
      map.close();
      throw e;
    }
  }

  /** What keeps a found map from being the wanted one; empty if nothing does. */
  static List<String> differences(StoreMap wanted, BpfMap found) {
    MapSpec spec = spec(wanted);
    MapInfo info = found.info();
    List<String> differences = new ArrayList<>(spec.differences(info));
    // By id, which needs CAP_SYS_ADMIN; without it the attributes have to do.
    if (Btf.byId(info.btfId()) instanceof Btf.ById.Found(var blob)
        && !(blob.equals(spec.btf())
            && info.btfKeyTypeId() == spec.btfKeyTypeId()
            && info.btfValueTypeId() == spec.btfValueTypeId())) {
      differences.add("other BTF");
    }
    return differences;
  }

  private static MapSpec spec(StoreMap wanted) {
    LayoutBtf btf = LayoutBtf.of(wanted.layout());
    return MapSpec.taskStorage(
        wanted.bpfName().value(),
        wanted.layout().sizeBytes(),
        btf.blob(),
        btf.keyTypeId(),
        btf.valueTypeId());
  }

  /** From 6.19 on the kernel creates maps whose entries it then cannot allocate. */
  private static void tryOneEntry(BpfMap map, StoreMap wanted) {
    int self = Math.toIntExact(ProcessHandle.current().pid());
    if (!(Pidfd.openProcess(self) instanceof PidfdResult.Opened(Pidfd task))) {
      return;
    }
    try (task) {
      map.update(task, new byte[wanted.layout().sizeBytes()], UpdateMode.ANY);
      map.delete(task);
    } catch (BpfException e) {
      int valueBytes = wanted.layout().sizeBytes();
      if (e.errno().equals(Errno.ENOMEM) && valueBytes > FITS_EVERY_KERNEL) {
        throw new StoreException(new StoreProblem.ValueTooLarge(wanted.name(), valueBytes));
      }
      throw e;
    }
  }
}
