package io.taskstorage.bpf;

import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import java.util.List;

/** Task storage maps whose value is plain bytes, and pidfds. */
final class ByteMaps {
  private ByteMaps() {}

  /** A value of one member, {@code char bytes[valueSize]}. */
  static MapSpec bytes(String name, int valueSize) {
    BtfWriter btf = new BtfWriter();
    int key = btf.integer("int", 4, Encoding.SIGNED);
    int character = btf.integer("char", 1, Encoding.SIGNED);
    int array = btf.array(character, key, valueSize);
    int value = btf.struct("sample", valueSize, List.of(new BtfWriter.Member("bytes", array, 0)));
    return MapSpec.taskStorage(name, valueSize, btf.toBlob(), key, value);
  }

  /** A pidfd of a task that is there. */
  static Pidfd open(int pid) {
    if (Pidfd.openProcess(pid) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("process " + pid + " is not there");
  }

  /** A pidfd of a single thread that is there. */
  static Pidfd openThread(int tid) {
    if (Pidfd.openThread(tid) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("thread " + tid + " is not there");
  }

  /** A pidfd of the main thread of this process. */
  static Pidfd self() {
    return open((int) ProcessHandle.current().pid());
  }

  /** {@code length} bytes, each {@code value}. */
  static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
