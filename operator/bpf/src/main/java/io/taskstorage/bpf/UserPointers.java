package io.taskstorage.bpf;

import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.BtfReader;
import io.taskstorage.bpf.btf.BtfType;
import java.util.HashSet;
import java.util.Set;

/**
 * Refuses values with a uptr: a pointer whose target has the type tag {@code uptr} (Linux 6.13). An
 * update pins the page that it points to, and that is a page of the process that calls, whichever
 * task is the key: programs would read and write the memory of this process.
 */
final class UserPointers {
  private static final String TAG = "uptr";

  private final BtfReader btf;
  private final Set<Integer> seen = new HashSet<>();

  private UserPointers(BtfReader btf) {
    this.btf = btf;
  }

  /**
   * Looks through the value's type, members of members and elements of arrays included.
   *
   * @throws IllegalArgumentException if there is a uptr anywhere in the value
   */
  static void refuse(MapSpec spec) {
    BtfReader btf = BtfReader.of(spec.name(), spec.btf());
    if (spec.btfValueTypeId() < 0 || spec.btfValueTypeId() >= btf.typeCount()) {
      // No type at all: the kernel refuses that.
      return;
    }
    if (new UserPointers(btf).isIn(spec.btfValueTypeId())) {
      throw new IllegalArgumentException(
          "map create "
              + spec.name()
              + ": a value with a uptr: it would give programs the memory of this process and not"
              + " the task's: take the pointer with the type tag uptr out of the value");
    }
  }

  private boolean isIn(int typeId) {
    int id = btf.resolve(typeId);
    if (!seen.add(id)) {
      return false;
    }
    return switch (btf.type(id)) {
      case BtfType.Composite composite ->
          composite.members().stream().anyMatch(member -> isIn(member.typeId()));
      case BtfType.ArrayType array -> isIn(array.elementTypeId());
      case BtfType.Reference reference ->
          reference.kind() == BtfKind.PTR && isTagged(reference.targetTypeId());
      default -> false;
    };
  }

  /** Whether the tag is on the target, or on what the target stands for. */
  private boolean isTagged(int targetTypeId) {
    // Ends: a chain that runs in circles was refused by resolve.
    int end = btf.resolve(targetTypeId);
    for (int id = targetTypeId; id != end; ) {
      if (!(btf.type(id) instanceof BtfType.Reference reference)) {
        return false;
      }
      if (reference.kind() == BtfKind.TYPE_TAG && reference.name().equals(TAG)) {
        return true;
      }
      id = reference.targetTypeId();
    }
    return false;
  }
}
