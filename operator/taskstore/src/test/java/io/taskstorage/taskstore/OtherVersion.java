package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Link;
import io.taskstorage.bpf.PinnedProgram;
import io.taskstorage.taskstore.inkernel.ProgramSource;
import java.nio.file.Path;
import java.util.List;

/** An agent whose version has other programs for the same maps. */
public final class OtherVersion {
  private OtherVersion() {}

  /** The plane in the kernel, with these programs. */
  public static TaskStore open(PinTree tree, Membership cgroups, ProgramSource source) {
    return TaskStores.inKernel(tree, cgroups, PinFolders.Steps.UNWATCHED, source);
  }

  /** What the code is of the one program that is attached to births. */
  public static String tag(PinTree tree) {
    List<Path> sets = PinFolders.list(tree.programs());
    assertThat(sets).as("sets of programs in force").hasSize(1);
    Path set = sets.getFirst();
    try (PinnedProgram program = PinnedProgram.open(set.resolve("programs").resolve("newtask"));
        Link link = Link.open(set.resolve("links").resolve("newtask"))) {
      assertThat(link.info().programId()).as("what is attached").isEqualTo(program.info().id());
      return program.info().tag();
    }
  }
}
