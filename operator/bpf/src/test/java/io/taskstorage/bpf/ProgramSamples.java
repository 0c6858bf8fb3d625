package io.taskstorage.bpf;

import io.taskstorage.bpf.asm.SamplePrograms.TaskOffsets;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.testkit.OlderKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What the tests of programs share: a map, its values, and where this kernel keeps things. */
final class ProgramSamples {

  /** Bytes of {@code struct sample { u64 number; u64 own; }}. */
  static final int VALUE_BYTES = 16;

  /** Where {@code own} is, the field that programs write. */
  static final int OWN_OFFSET = 8;

  private ProgramSamples() {}

  /** A task storage map of {@code struct sample}. */
  static BpfMap entries() {
    BtfWriter btf = new BtfWriter();
    int key = btf.integer("int", 4, BtfWriter.Encoding.SIGNED);
    int number = btf.integer("unsigned long long", 8, BtfWriter.Encoding.UNSIGNED);
    int value =
        btf.struct(
            "sample",
            VALUE_BYTES,
            List.of(
                new BtfWriter.Member("number", number, 0),
                new BtfWriter.Member("own", number, OWN_OFFSET)));
    return BpfMap.create(MapSpec.taskStorage("entries", VALUE_BYTES, btf.toBlob(), key, value));
  }

  /** The bytes of a value. */
  static byte[] value(long number, long own) {
    return ByteBuffer.allocate(VALUE_BYTES)
        .order(ByteOrder.nativeOrder())
        .putLong(number)
        .putLong(own)
        .array();
  }

  static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  static byte[] u64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array();
  }

  static long u64(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong();
  }

  /** Sets the value of a living task. */
  static void set(BpfMap entries, int tid, byte[] value) {
    try (Pidfd task = open(tid)) {
      Update update = entries.update(task, value, UpdateMode.ANY);
      if (!(update instanceof Update.Updated)) {
        throw new AssertionError("task " + tid + ": " + update);
      }
    }
  }

  /** What the kernel has for a living task. */
  static Lookup get(BpfMap entries, int tid) {
    try (Pidfd task = open(tid)) {
      return entries.lookup(task);
    }
  }

  private static Pidfd open(int tid) {
    return switch (Pidfd.openThread(tid)) {
      case PidfdResult.Opened(Pidfd pidfd) -> pidfd;
      case PidfdResult.ThreadUnsupported() -> {
        OlderKernel.needs(false, OlderKernel.NO_THREAD_PIDFD);
        throw new AssertionError(OlderKernel.NO_THREAD_PIDFD);
      }
      case PidfdResult other -> throw new AssertionError("task " + tid + ": " + other);
    };
  }

  /** Ends the test where a program can find no task by its id. */
  static void needTaskFromPid() {
    OlderKernel.needs(
        KernelBtf.vmlinux().typeId("bpf_task_from_pid", BtfKind.FUNC).isPresent(),
        "no program finds a task by its id (bpf_task_from_pid, Linux 6.2)");
  }

  /** Offsets of the running kernel. */
  static TaskOffsets taskOffsets() {
    KernelBtf kernel = KernelBtf.vmlinux();
    return new TaskOffsets(
        kernel.memberOffset("task_struct", "pid").orElseThrow(),
        kernel.memberOffset("task_struct", "tgid").orElseThrow());
  }
}
