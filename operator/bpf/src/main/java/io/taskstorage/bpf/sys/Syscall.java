package io.taskstorage.bpf.sys;

import io.taskstorage.bpf.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The only downcalls of the project: {@code syscall(2)} with up to six arguments.
 *
 * <p>The result is the kernel's: a value of zero or more, or the errno negated. libc stores errno
 * in thread-local memory that the JVM may overwrite before Java reads it, so the linker copies it
 * into a segment that belongs to the calling thread alone, and it is read only when the call
 * failed: after a success it still holds whatever an earlier failure left.
 *
 * <p>Safe for use by any thread. Calls that can block belong on platform threads, since a blocked
 * downcall pins the carrier of a virtual thread.
 */
public final class Syscall {
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  @SuppressWarnings("restricted") // The one place that the native access of the module is for.
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));

  // Freed with the thread: an automatic arena lives as long as the thread's map refers to it.
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  private Syscall() {}

  /**
   * Calls the kernel.
   *
   * @param number the system call's number on this machine, from {@link Uapi}
   * @return the result, zero or more, or {@code -errno}
   */
  public static long call(long number, long a, long b, long c, long d, long e) {
    return call(STATE.get(), number, a, b, c, d, e);
  }

  /**
   * As {@link #call(long, long, long, long, long, long)}, with the capture segment of the caller.
   */
  public static long call(
      MemorySegment state, long number, long a, long b, long c, long d, long e) {
    try {
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, 0L);
      return result >= 0 ? result : -(long) (int) ERRNO.get(state, 0L);
    } catch (Throwable t) {
      throw new AssertionError("syscall is linked with exactly these arguments", t);
    }
  }

  /** A capture segment for a hot path: it belongs to the thread that makes the calls. */
  public static MemorySegment newState(Arena arena) {
    return arena.allocate(CAPTURE);
  }

  /** {@code bpf(2)}: command, attribute union, its size. */
  public static long bpf(int command, MemorySegment attr) {
    return call(Uapi.SYS_BPF, command, attr.address(), attr.byteSize(), 0, 0);
  }

  /** The errno of a negative result. */
  public static Errno errno(long result) {
    return new Errno((int) -result);
  }
}
