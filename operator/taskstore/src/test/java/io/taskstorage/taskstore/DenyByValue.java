package io.taskstorage.taskstore;

import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Sample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** The sample {@code deny-by-value}: its map, the values of it, and its program. */
final class DenyByValue {
  static final StructLayout LAYOUT = StructLayout.parse("net_trust{trust:U32,denied:U32!Program}");
  static final MapName NAME = new MapName("net-trust");
  static final BpfName BPF_NAME = new BpfName("net_trust");
  static final StoreMap MAP = new StoreMap(NAME, BPF_NAME, LAYOUT, Reclaim.DELETE);

  static final Row UNTRUSTED = new Row(Map.of(NAME, value(1, 0)));
  static final Row TRUSTED = new Row(Map.of(NAME, value(2, 0)));

  /** The line that it prints once it is at work. */
  static final String AT_WORK = "denying";

  private DenyByValue() {}

  /** What a task carries that was denied so many times. */
  static Value value(int trust, int denied) {
    ByteBuffer words = ByteBuffer.allocate(LAYOUT.sizeBytes()).order(ByteOrder.nativeOrder());
    return Value.of(words.putInt(trust).putInt(denied).array());
  }

  /** The program, to be run on a pin. */
  static Command on(Path pin) {
    return Command.of(Sample.build("deny-by-value", "deny_by_value").toString(), pin.toString());
  }

  /** The program at work on a pin. */
  static Child start(Path pin) {
    Child child = on(pin).start();
    try {
      child.awaitLine("^" + AT_WORK + "$");
      return child;
    } catch (AssertionError e) {
      child.close();
      throw e;
    }
  }
}
