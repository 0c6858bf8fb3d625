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
import java.nio.charset.Charset;

/**
 * The only downcalls: {@code syscall(2)} of libc, and {@code strerror(3)} for the texts in which
 * Java hides an errno.
 *
 * <p>A result is what the kernel itself returns: zero or more, or the errno negated. libc moves the
 * errno to thread-local memory that the virtual machine may overwrite before Java reads it, so the
 * linker copies it, within the call, into a segment that belongs to the calling thread alone. It is
 * read after failures only: after a success it holds what an earlier failure left.
 *
 * <p>Any thread may call. A call that can block belongs on a platform thread, since a blocked
 * downcall pins the carrier of a virtual thread.
 */
public final class Syscall {
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** The number and up to six arguments; as many as any system call has. */
  private static final MethodHandle SYSCALL =
      syscall(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          // On some machines variable arguments travel in other registers than fixed ones.
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));

  /** close(2), whose errno is of no interest. */
  private static final MethodHandle CLOSE =
      syscall(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  /** In an automatic arena: the memory lives as long as the thread refers to it. */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> newState(Arena.ofAuto()));

  /** The encoding of this process's language. */
  private static final Charset NATIVE = Charset.forName(System.getProperty("native.encoding"));

  private static final MethodHandle STRERROR =
      function("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Syscall() {}

  private static MethodHandle syscall(FunctionDescriptor descriptor, Linker.Option... options) {
    return function("syscall", descriptor, options);
  }

  @SuppressWarnings("restricted") // The one place that the native access of the module is for.
  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /**
   * Calls the kernel. Arguments that a system call does not have are ignored.
   *
   * @param number one of {@code Uapi.SYS_*}
   * @return zero or more, or {@code -errno}
   */
  public static long call(long number, long a, long b, long c, long d, long e) {
    return call(STATE.get(), number, a, b, c, d, e);
  }

  /**
   * The same without a look at thread-local memory, for calls that are made in great numbers.
   *
   * @param state of {@link #newState}, used by the calling thread alone
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

  /** Memory for the errno of the calls of one thread. */
  public static MemorySegment newState(Arena arena) {
    return arena.allocate(CAPTURED);
  }

  /** {@code bpf(2)}. */
  public static long bpf(int command, MemorySegment attr) {
    return call(Uapi.SYS_BPF, command, attr.address(), attr.byteSize(), 0, 0);
  }

  /**
   * {@code BPF_OBJ_GET_INFO_BY_FD}.
   *
   * @param info the structure of the object's kind; what this kernel does not know in it stays
   * @return zero, or {@code -errno}
   */
  public static long objectInfo(Fd object, MemorySegment info) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.INFO_SIZE)
              .u32(Uapi.INFO_BPF_FD, object.number())
              .u32(Uapi.INFO_LEN, Math.toIntExact(info.byteSize()))
              .pointer(Uapi.INFO_INFO, info);
      return bpf(Uapi.BPF_OBJ_GET_INFO_BY_FD, attr.segment());
    }
  }

  /** {@code close(2)}. Linux frees the number whatever it answers, so nothing is returned. */
  static void close(int descriptor) {
    try {
      long ignored = (long) CLOSE.invokeExact((long) Uapi.SYS_CLOSE, (long) descriptor);
    } catch (Throwable t) {
      throw new AssertionError("syscall is linked with exactly these arguments", t);
    }
  }

  /** What libc says of an errno, in the language of this process. */
  @SuppressWarnings("restricted") // libc's texts end with a NUL, and stay where they are.
  public static String errorText(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(Long.MAX_VALUE).getString(0, NATIVE);
    } catch (Throwable t) {
      throw new AssertionError("strerror is linked with exactly this argument", t);
    }
  }

  /** The errno of a negative result. */
  public static Errno errno(long result) {
    return new Errno(Math.toIntExact(-result));
  }
}
