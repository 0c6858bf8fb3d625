package io.taskstorage.testkit;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The few system calls by which tests make what {@link Residue} must find. */
final class Syscalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
  private static final long BPF = X86 ? 321 : 280;
  private static final long MMAP = X86 ? 9 : 222;
  private static final long MUNMAP = X86 ? 11 : 215;
  private static final long PIDFD_OPEN = 434;
  private static final long CLOSE = X86 ? 3 : 57;
  private static final int BPF_MAP_TYPE_HASH = 1;
  private static final int BPF_MAP_TYPE_RINGBUF = 27;
  private static final int BPF_OBJ_PIN = 6;

  // The test JVM grants native access to everything.
  @SuppressWarnings("restricted")
  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG));

  private Syscalls() {}

  static int createMap(String name) {
    return createMap(BPF_MAP_TYPE_HASH, 4, 4, 1, name);
  }

  static int createRingBuffer() {
    return createMap(BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, "ring");
  }

  static void pin(int fd, String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(16, 8);
      attr.set(JAVA_LONG, 0, arena.allocateFrom(path).address());
      attr.set(JAVA_INT, 8, fd);
      call(BPF, BPF_OBJ_PIN, attr.address(), attr.byteSize(), 0, 0, 0);
    }
  }

  static int openPidfd(long pid) {
    return Math.toIntExact(call(PIDFD_OPEN, pid, 0, 0, 0, 0, 0));
  }

  static long mapConsumerPage(int ringBuffer) {
    return call(MMAP, 0, 4096, 3, 1, ringBuffer, 0);
  }

  static void unmapPage(long address) {
    call(MUNMAP, address, 4096, 0, 0, 0, 0);
  }

  static void close(int fd) {
    call(CLOSE, fd, 0, 0, 0, 0, 0);
  }

  private static int createMap(int type, int keySize, int valueSize, int entries, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(48, 8);
      attr.set(JAVA_INT, 0, type);
      attr.set(JAVA_INT, 4, keySize);
      attr.set(JAVA_INT, 8, valueSize);
      attr.set(JAVA_INT, 12, entries);
      for (int i = 0; i < name.length(); i++) {
        attr.set(ValueLayout.JAVA_BYTE, 28 + i, (byte) name.charAt(i));
      }
      return Math.toIntExact(call(BPF, 0, attr.address(), attr.byteSize(), 0, 0, 0));
    }
  }

  private static long call(long number, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) SYSCALL.invokeExact(number, a, b, c, d, e, f);
      assertThat(result).as("syscall %d", number).isNotNegative();
      return result;
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable problem) {
      throw new AssertionError(problem);
    }
  }
}
