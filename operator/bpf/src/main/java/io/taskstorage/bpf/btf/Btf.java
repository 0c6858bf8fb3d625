package io.taskstorage.bpf.btf;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A BTF object in the kernel. Closing it gives up the descriptor; maps made with it keep it. */
public final class Btf implements AutoCloseable {
  private final Fd fd;

  private Btf(Fd fd) {
    this.fd = fd;
  }

  /**
   * BPF_BTF_LOAD.
   *
   * @param object for whom, in the message
   */
  public static Btf load(BtfBlob blob, String object) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = blob.toBytes();
      Attr attr =
          Attr.zeroed(arena, Uapi.BTF_LOAD_SIZE)
              .bytes(Uapi.BTF_LOAD_BTF, bytes)
              .u32(Uapi.BTF_LOAD_SIZE_OF_BTF, bytes.length);
      long result = Syscall.bpf(Uapi.BPF_BTF_LOAD, attr.segment());
      if (result < 0) {
        Errno errno = Syscall.errno(result);
        String hint =
            errno.equals(Errno.EPERM) ? "CAP_BPF is missing: run as root or grant CAP_BPF" : null;
        throw new BpfException("btf load", object, errno, hint);
      }
      return new Btf(Fd.owning(result));
    }
  }

  /** What asking for the BTF of an id came to. */
  public sealed interface ById {
    record Found(BtfBlob blob) implements ById {}

    /** CAP_SYS_ADMIN is missing, which looking up by id needs. */
    record NotPermitted() implements ById {}

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
        throw new BpfException("btf open", "id " + id, Syscall.errno(result), null);
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
    Attr attr =
        Attr.zeroed(arena, Uapi.INFO_SIZE)
            .u32(Uapi.INFO_BPF_FD, fd.number())
            .u32(Uapi.INFO_LEN, Uapi.BTF_INFO_SIZE)
            .pointer(Uapi.INFO_INFO, info);
    long result = Syscall.bpf(Uapi.BPF_OBJ_GET_INFO_BY_FD, attr.segment());
    if (result < 0) {
      throw new BpfException("btf info", "descriptor", Syscall.errno(result), null);
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
