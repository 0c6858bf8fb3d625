package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One walk of an iterator program over its objects: everything that it writes by bpf_seq_write, in
 * order. Reading runs the program, so it blocks as long as the walk takes: platform threads only.
 *
 * <p>The walk is no snapshot; objects that come while it goes may be missed. The kernel keeps 32
 * KiB at a time: when a record does not fit any more it drops that record and runs the program
 * again for the same object in the next read (kernel/bpf/bpf_iter.c, bpf_seq_read). So nothing is
 * lost or doubled here, but what else the program did for that object it does twice.
 */
public final class IterReader implements AutoCloseable {

  /** PAGE_SIZE << 3 with the smallest page: no read returns more, whatever is asked for. */
  private static final int READ_BYTES = 32 * 1024;

  /** EINTR, and EAGAIN after a million objects without a byte written; each try goes on. */
  private static final int TRIES = 10_000;

  private final Fd fd;
  private final String name;

  private IterReader(Fd fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  /** BPF_ITER_CREATE: begins a walk, in the pid namespace of this process. */
  public static IterReader open(IterLink link) {
    return new IterReader(LinkCommands.openIterator(link.fd(), link.name()), link.name());
  }

  /**
   * Reads to the end of the walk.
   *
   * @return every byte that the program wrote; empty when called again
   * @throws BpfException E2BIG when one record alone exceeds what the kernel keeps
   */
  public byte[] readAll() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(READ_BYTES, 8);
      int tries = 0;
      while (true) {
        long read = Syscall.call(Uapi.SYS_READ, fd.number(), buffer.address(), READ_BYTES, 0, 0);
        if (read == 0) {
          return all.toByteArray();
        }
        if (read > 0) {
          all.writeBytes(buffer.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE));
        } else if (!passing(read) || ++tries > TRIES) {
          throw failure(read);
        }
      }
    }
  }

  /**
   * Reads to the end of the walk, as records of one size in the machine's byte order.
   *
   * @throws IllegalStateException the program writes something else
   */
  public List<ByteBuffer> readRecords(int recordBytes) {
    byte[] all = readAll();
    if (all.length % recordBytes != 0) {
      throw new IllegalStateException(
          "iterator read %s: %d bytes are no whole records of %d: the program writes others"
              .formatted(name, all.length, recordBytes));
    }
    List<ByteBuffer> records = new ArrayList<>(all.length / recordBytes);
    for (int at = 0; at < all.length; at += recordBytes) {
      records.add(ByteBuffer.wrap(all, at, recordBytes).slice().order(ByteOrder.nativeOrder()));
    }
    return records;
  }

  private static boolean passing(long result) {
    return result == -Errno.EINTR.number() || result == -Errno.EAGAIN.number();
  }

  private BpfException failure(long result) {
    Errno errno = Syscall.errno(result);
    String hint =
        errno.equals(Errno.E2BIG)
            ? "one record is larger than 32 KiB: write smaller ones"
            : errno.hint().orElse(null);
    return new BpfException("iterator read", name, errno, hint);
  }

  @Override
  public void close() {
    fd.close();
  }
}
