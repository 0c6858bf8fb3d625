package io.taskstorage.agent.doctor;

import io.taskstorage.bpf.Bpffs;
import io.taskstorage.bpf.DirectoryLock;
import io.taskstorage.console.Fact;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.taskstore.StoreException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Who works on the node, and which maps are in force. */
final class InForceFacts {
  private InForceFacts() {}

  static List<Fact> of(PinTree tree) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("agent", holder(tree)));
    if (!Bpffs.isBpffs(tree.root())) {
      facts.add(new Fact("maps", "none, there is no bpffs"));
      return facts;
    }
    try {
      List<RecordedMap> maps = Records.list(tree);
      if (maps.isEmpty()) {
        facts.add(new Fact("maps", "none in force"));
      }
      maps.forEach(map -> facts.add(new Fact("map " + map.name(), describe(tree, map))));
    } catch (StoreException e) {
      facts.add(new Fact("maps", "unknown: " + e.getMessage()));
    }
    return facts;
  }

  private static String holder(PinTree tree) {
    if (!Files.isDirectory(tree.agentFolder())) {
      return "none";
    }
    OptionalInt pid = DirectoryLock.holderPid(tree.agentFolder());
    return pid.isPresent() ? "process " + pid.getAsInt() : "none";
  }

  private static String describe(PinTree tree, RecordedMap map) {
    String where = map.retained() ? "retained" : tree.publicPin(map.bpfName()).toString();
    String programs =
        map.layout().fields().stream()
            .filter(field -> field.field().owner() == Owner.PROGRAM)
            .map(PlacedField::name)
            .collect(Collectors.joining(", "));
    long late = Records.late(map);
    return where
        + ", struct "
        + map.layout().typeName()
        + " of "
        + map.layout().sizeBytes()
        + " bytes"
        + (late == 0 ? "" : "; entries that were late: " + late)
        + (programs.isEmpty()
            ? ""
            : "; written by programs: "
                + programs
                + " (on plane Rescan a write at the very moment of a change may be lost)");
  }
}
