package io.taskstorage.benchmarks;

import io.taskstorage.bpf.Access;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import java.nio.file.Path;

/** The Java side of element_loop.c: PIN OPERATIONS. */
final class ElementLoop {
  private ElementLoop() {}

  public static void main(String[] args) {
    int operations = Integer.parseInt(args[1]);
    try (BpfMap map = BpfMap.open(Path.of(args[0]), Access.READ_WRITE);
        Pidfd self = open()) {
      byte[] value = new byte[map.info().valueSize()];
      update(map, self, value);
      // The JVM compiles what has run often: as a process that lives for days has.
      for (int i = 0; i < 5; i++) {
        round(map, self, value, operations);
      }
      Answers.toEachLine(() -> round(map, self, value, operations));
    }
  }

  private static String round(BpfMap map, Pidfd self, byte[] value, int operations) {
    long begin = System.nanoTime();
    for (int i = 0; i < operations; i++) {
      if (!(map.lookup(self) instanceof Lookup.Present)) {
        throw new IllegalStateException("lookup: the entry has gone");
      }
    }
    final long lookup = System.nanoTime() - begin;

    begin = System.nanoTime();
    for (int i = 0; i < operations; i++) {
      update(map, self, value);
    }
    final long update = System.nanoTime() - begin;

    begin = System.nanoTime();
    for (int i = 0; i < operations; i++) {
      open().close();
    }
    final long open = System.nanoTime() - begin;
    return Answers.perOperation("lookup", lookup, operations)
        + " "
        + Answers.perOperation("update", update, operations)
        + " "
        + Answers.perOperation("pidfd_open+close", open, operations);
  }

  private static void update(BpfMap map, Pidfd self, byte[] value) {
    if (!(map.update(self, value, UpdateMode.ANY) instanceof Update.Updated)) {
      throw new IllegalStateException("update: not done");
    }
  }

  private static Pidfd open() {
    PidfdResult result = Pidfd.openProcess((int) ProcessHandle.current().pid());
    if (result instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new IllegalStateException("pidfd_open: " + result);
  }
}
