package io.taskstorage.agent.command;

import io.taskstorage.layout.Encoded;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.taskstore.BpfName;
import io.taskstorage.taskstore.CgroupId;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.Reclaim;
import io.taskstorage.taskstore.Row;
import io.taskstorage.taskstore.StoreMap;
import io.taskstorage.taskstore.TaskStore;
import io.taskstorage.taskstore.TaskStores;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import java.nio.file.Path;
import java.util.Map;

/** A node as an agent that was ended with {@code --keep} leaves it: one map, one cgroup's tasks. */
record NodeWithMap(Path bpffs, CgroupSandbox sandbox) {
  static final StructLayout LAYOUT =
      StructLayout.parse("tenant_ctx{tenant_id:U64,qos:U8,app:Char[16],hits:U32!Program}");
  static final MapName MAP = new MapName("tenant-ctx");

  /** Gives the tasks of a cgroup tenant 42, qos 3 and app shop. */
  static NodeWithMap keep(Path bpffs, CgroupSandbox sandbox, Cgroup cgroup) {
    NodeWithMap node = new NodeWithMap(bpffs, sandbox);
    try (TaskStore store = node.open()) {
      Value value = Value.zero(LAYOUT.sizeBytes());
      value = with(value, "tenant_id", "42");
      value = with(value, "qos", "3");
      value = with(value, "app", "shop");
      store.assign(new CgroupId(cgroup.id()), new Row(Map.of(MAP, value)));
      store.sweep();
      store.publish(MAP);
    }
    return node;
  }

  /** An agent that holds the node, with the map installed. */
  TaskStore open() {
    TaskStore store = TaskStores.rescan(tree(), CgroupTree.open(sandbox.root()));
    store.install(new StoreMap(MAP, new BpfName("tenant_ctx"), LAYOUT, Reclaim.DELETE));
    return store;
  }

  PinTree tree() {
    return new PinTree(bpffs);
  }

  private static Value with(Value value, String name, String text) {
    PlacedField field = LAYOUT.field(name).orElseThrow();
    if (Literal.encode(field.field(), text) instanceof Encoded.Bytes(byte[] bytes)) {
      return value.withField(field, bytes);
    }
    throw new IllegalArgumentException(name + "=" + text);
  }
}
