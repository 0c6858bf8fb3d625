package io.taskstorage.bpf.btf;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Capabilities;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A BTF object in the kernel. Closing it gives up the descriptor; maps made with it keep it. */
public final class Btf implements AutoCloseable {
  private static final int LOG_BYTES = 1 << 16;

  private final Fd fd;

  private Btf(Fd fd) {
    this.fd = fd;
  }

  /**
   * BPF_BTF_LOAD.
   *
   * @param object for whom, in the message
   * @throws BpfException EPERM without CAP_BPF, EINVAL with the kernel's last word on bad types
   */
  public static Btf load(BtfBlob blob, String object) {
    long result = load(blob, MemorySegment.NULL);
    if (result >= 0) {
      return new Btf(Fd.owning(result));
    }
    Errno errno = Syscall.errno(result);
    throw new BpfException("btf load", object, errno, hint(errno, blob));
  }

  private static long load(BtfBlob blob, MemorySegment log) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr =
          Attr.zeroed(arena, Uapi.BTF_LOAD_SIZE)
              .bytes(Uapi.BTF_LOAD_BTF, blob.shared())
              .u32(Uapi.BTF_LOAD_SIZE_OF_BTF, blob.sizeBytes())
              .pointer(Uapi.BTF_LOAD_LOG_BUF, log)
              .u32(Uapi.BTF_LOAD_LOG_SIZE, (int) log.byteSize())
              .u32(Uapi.BTF_LOAD_LOG_LEVEL, log.byteSize() == 0 ? 0 : 1);
      return Syscall.bpf(Uapi.BPF_BTF_LOAD, attr.segment());
    }
  }

  private static @Nullable String hint(Errno errno, BtfBlob blob) {
    return switch (errno.number()) {
      case 1 -> Capabilities.current().whyBpfIsRefused();
      case 22 -> "the kernel says: " + lastWord(blob);
      default -> errno.hint().orElse(null);
    };
  }

  /** The last line of the log of a load that fails. */
  private static String lastWord(BtfBlob blob) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment log = arena.allocate(LOG_BYTES);
      long result = load(blob, log);
      if (result >= 0) {
        Fd.owning(result).close();
      }
      String text = log.getString(0, StandardCharsets.US_ASCII).strip();
      return text.substring(text.lastIndexOf('\n') + 1);
    }
  }

  /** What asking for the BTF of an id came to. */
  public sealed interface ById {
    /** The object's bytes. */
    record Found(BtfBlob blob) implements ById {}

    /** CAP_SYS_ADMIN is missing, which looking up by id needs. */
    record NotPermitted() implements ById {}

    /** No BTF object has the id (any more). */
    record NoSuchId() implements ById {}
  }

  /** BPF_BTF_GET_FD_BY_ID and the object's bytes. */
  public static ById byId(int id) {
    try (Arena arena = Arena.ofConfined()) {
      Attr attr = Attr.zeroed(arena, Uapi.GET_FD_BY_ID_SIZE).u32(Uapi.GET_FD_BY_ID_ID, id);
      long result = Syscall.bpf(Uapi.BPF_BTF_GET_FD_BY_ID, attr.segment());
      if (result == -Errno.EPERM.number()) {
        return new ById.NotPermitted();
      }
      if (result == -Errno.ENOENT.number()) {
        return new ById.NoSuchId();
      }
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        throw new BpfException("btf open", "id " + id, errno, errno.hint().orElse(null));
      }
      try (Btf btf = new Btf(Fd.owning(result))) {
        return new ById.Found(btf.blob());
      }
    }
  }

  /** The object's bytes as the kernel keeps them. */
  public BtfBlob blob() {
    try (Arena arena = Arena.ofConfined()) {
      int size = info(arena, MemorySegment.NULL, 0);
      MemorySegment bytes = arena.allocate(size, 8);
      info(arena, bytes, size);
      return new BtfBlob(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private int info(Arena arena, MemorySegment buffer, int bufferBytes) {
    MemorySegment info = arena.allocate(Uapi.BTF_INFO_SIZE, 8);
    info.set(ValueLayout.JAVA_LONG, Uapi.BTF_INFO_BTF, buffer.address());
    info.set(ValueLayout.JAVA_INT, Uapi.BTF_INFO_BTF_SIZE, bufferBytes);
    long result = Syscall.objectInfo(fd, info);
    if (result < 0) {
      Errno errno = Syscall.errno(result);
      throw new BpfException(
          "btf info", "descriptor " + fd.number(), errno, errno.hint().orElse(null));
    }
    return info.get(ValueLayout.JAVA_INT, Uapi.BTF_INFO_BTF_SIZE);
  }

  /** The descriptor; it stays this object's. */
  public Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }
}
