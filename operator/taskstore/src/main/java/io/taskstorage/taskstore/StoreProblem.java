package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.VerifierException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Why a store refuses to open, or to make or publish a map. Each says what is there, and how to
 * mend it.
 */
public sealed interface StoreProblem {
  /** One sentence: {@code operation object: cause: how to mend it}. */
  String message();

  /** The reason as it stands in status. */
  String reason();

  /** The exception behind it, if there is one. */
  default @Nullable Throwable cause() {
    return null;
  }

  /** Something that is not ours stands where a pin or a folder of ours belongs. */
  record ForeignPin(Path path, String why, String mend) implements StoreProblem {
    @Override
    public String message() {
      return "pin " + path + ": " + why + ": " + mend;
    }

    @Override
    public String reason() {
      return "ForeignPin";
    }
  }

  /**
   * The public pin leads to a map of ours whose record this version does not understand.
   *
   * @param record the record's folder
   * @param what the part that is not understood
   */
  record RecordUnreadable(Path record, String what) implements StoreProblem {
    @Override
    public String message() {
      return "read record "
          + record
          + ": this version does not know "
          + what
          + ", a newer one may have written it: run the newer version, or remove all maps with"
          + " taskstorage clean";
    }

    @Override
    public String reason() {
      return "ForeignPin";
    }
  }

  /** The folder for pins is not on a bpf file system. */
  record NotBpffs(Path folder) implements StoreProblem {
    @Override
    public String message() {
      return "open " + folder + ": not a bpf file system: mount -t bpf bpf " + folder;
    }

    @Override
    public String reason() {
      return "NotBpffs";
    }
  }

  /**
   * Another process writes on this node.
   *
   * @param folder the locked folder
   * @param pid the holder, 0 where it is outside this pid namespace
   */
  record NodeHeld(Path folder, int pid) implements StoreProblem {
    /** Who holds it, as part of a sentence. */
    public String holder() {
      return pid == 0 ? "a process of another pid namespace" : "process " + pid;
    }

    @Override
    public String message() {
      return "lock " + folder + ": held by " + holder() + ": end it, or let it do the work";
    }

    @Override
    public String reason() {
      return "NodeHeld";
    }
  }

  /** bpf(2) or a pidfd call said no. */
  record KernelRefused(BpfException refusal) implements StoreProblem {
    @Override
    public String message() {
      return String.valueOf(refusal.getMessage());
    }

    @Override
    public String reason() {
      return "KernelRefused";
    }

    @Override
    public Throwable cause() {
      return refusal;
    }
  }

  /** A file call in bpffs or in the cgroup tree said no. */
  record FolderRefused(String operation, Path path, String why, String mend)
      implements StoreProblem {
    @Override
    public String message() {
      return operation + " " + path + ": " + why + ": " + mend;
    }

    @Override
    public String reason() {
      return "KernelRefused";
    }
  }

  /** Another map in force has the name of the kernel map. */
  record BpfNameTaken(BpfName bpfName, MapName wantedBy, MapName holder) implements StoreProblem {
    @Override
    public String message() {
      return "install "
          + wantedBy
          + ": bpfName "
          + bpfName
          + " belongs to map "
          + holder
          + ": give one of them another bpfName, or remove map "
          + holder;
    }

    @Override
    public String reason() {
      return "BpfNameConflict";
    }
  }

  /**
   * The programs in the kernel have no room for another map.
   *
   * @param most as many as they have room for
   */
  record TooManyMaps(MapName map, int most) implements StoreProblem {
    @Override
    public String message() {
      return "install "
          + map
          + ": "
          + most
          + " other maps are in force on this node, and its programs keep no more: remove one of"
          + " them, or put several into one map with more fields";
    }

    @Override
    public String reason() {
      return "TooManyMaps";
    }
  }

  /** The kernel makes the map but takes no entry of this size (from 6.19: above 8120 bytes). */
  record ValueTooLarge(MapName map, int valueBytes) implements StoreProblem {
    @Override
    public String message() {
      return "install "
          + map
          + ": this kernel takes no entry of "
          + valueBytes
          + " bytes: make the struct smaller; 8120 bytes fit every kernel";
    }

    @Override
    public String reason() {
      return "ValueTooLarge";
    }
  }

  /**
   * The verifier refuses the programs of these maps.
   *
   * @param maps how many
   */
  record ProgramsRefused(int maps, VerifierException refusal) implements StoreProblem {
    @Override
    public String message() {
      return "load programs for "
          + maps
          + " maps: "
          + refusal.getMessage()
          + ": make their structs smaller or fewer, or use the plane rescan";
    }

    @Override
    public String reason() {
      return "KernelRefused";
    }

    @Override
    public Throwable cause() {
      return refusal;
    }
  }

  /** The tables of the programs have no room for what a cgroup shall have. */
  record TooManyValues(CgroupId cgroup) implements StoreProblem {
    @Override
    public String message() {
      return "assign cgroup "
          + cgroup
          + ": there is no room for another cgroup, or another value of one of its maps: let policies"
          + " select fewer cgroups, or give more of them the same values";
    }

    @Override
    public String reason() {
      return "TooManyValues";
    }
  }
}
