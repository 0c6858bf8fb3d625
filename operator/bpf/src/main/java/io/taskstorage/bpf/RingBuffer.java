package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.ObjectInfo;
import io.taskstorage.bpf.sys.PageSize;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A ring buffer (BPF_MAP_TYPE_RINGBUF): programs write records, one reader takes them out in order.
 * When it is full a program gets no room and has to count the loss itself; records in the ring are
 * never overwritten. Closing it unmaps the memory and releases the descriptor; records not read
 * stay while a pin or a program keeps the map.
 *
 * <p>Made by one thread and then used by one at a time, which may be another: a platform thread,
 * since {@link #poll} blocks. Two readers of one map, in whatever process, would take each other's
 * records.
 */
public final class RingBuffer implements KernelMap {

  /** All that is there at the time of the call; the ring's size bounds it. */
  private static final int ALL = Integer.MAX_VALUE;

  private final Fd fd;
  private final MapInfo info;
  private final Arena arena = Arena.ofShared();
  private final RingMemory memory;

  private RingBuffer(Fd fd, MapInfo info) {
    this.fd = fd;
    this.info = info;
    try {
      this.memory = map(fd, info, arena);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * BPF_MAP_CREATE.
   *
   * @param bytes room for records with their headers of 8 bytes: a power of two, at least a page
   */
  public static RingBuffer create(String name, int bytes) {
    return of(MapCommands.createPlain(Uapi.BPF_MAP_TYPE_RINGBUF, name, 0, 0, bytes), name);
  }

  /** BPF_OBJ_GET of a pinned ring buffer: reading goes on where the last reader stopped. */
  public static RingBuffer open(Path pin) {
    return of(MapCommands.open(pin, Access.READ_WRITE), pin.toString());
  }

  private static RingBuffer of(Fd fd, String object) {
    try {
      MapInfo info = MapCommands.infoOfMap(fd, object);
      if (info.type() != Uapi.BPF_MAP_TYPE_RINGBUF) {
        throw new BpfException(
            "map open",
            object,
            Errno.EINVAL,
            "it is a map of type " + info.type() + ", not a ring buffer (type 27)");
      }
      return new RingBuffer(fd, info);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /**
   * The kernel lays out a page with the reader's position, a page with the writer's, and the data
   * twice (kernel/bpf/ringbuf.c, ringbuf_map_mmap). Only the first may be mapped writable, alone.
   */
  private static RingMemory map(Fd fd, MapInfo info, Arena arena) {
    long page = PageSize.bytes();
    int writable = ObjectInfo.PROT_READ | ObjectInfo.PROT_WRITE;
    MemorySegment consumer = map(fd, info, page, writable, arena);
    MemorySegment all =
        map(fd, info, 2 * page + 2L * info.maxEntries(), ObjectInfo.PROT_READ, arena);
    return new RingMemory(consumer, all.asSlice(page, page), all.asSlice(2 * page));
  }

  @SuppressWarnings("restricted") // Memory that the kernel maps has no other way into Java.
  private static MemorySegment map(Fd fd, MapInfo info, long bytes, int protection, Arena arena) {
    long address =
        Syscall.call(Uapi.SYS_MMAP, 0, bytes, protection, ObjectInfo.MAP_SHARED, fd.number());
    if (address < 0) {
      throw new BpfException("ring buffer mmap", info.name(), Syscall.errno(address), null);
    }
    // The arena unmaps it, and from then on no access gets through.
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, RingBuffer::unmap);
  }

  private static void unmap(MemorySegment segment) {
    Syscall.call(Uapi.SYS_MUNMAP, segment.address(), segment.byteSize(), 0, 0, 0);
  }

  /** Takes out the records that are finished now, oldest first; does not wait. */
  public List<byte[]> drain() {
    return memory.drain(ALL);
  }

  /**
   * Waits until there is a record, then takes out all that are finished.
   *
   * @param limit how long to wait at most
   * @return empty when the limit has passed, a signal came, or a record is begun but not finished
   */
  public List<byte[]> poll(Duration limit) {
    List<byte[]> ready = drain();
    if (!ready.isEmpty()) {
      return ready;
    }
    try (Arena call = Arena.ofConfined()) {
      MemorySegment timeout = call.allocate(16, 8);
      timeout.set(ValueLayout.JAVA_LONG, 0, limit.toSeconds());
      timeout.set(ValueLayout.JAVA_LONG, 8, limit.toNanosPart());
      await(call, timeout, fd.number());
    }
    return drain();
  }

  /**
   * Waits until there is a record, however long that takes; {@link #drain} takes it out.
   *
   * @param waker ends the wait; a signal does so too, and a record that is begun but not finished
   */
  public void await(Waker waker) {
    try (Arena call = Arena.ofConfined()) {
      await(call, MemorySegment.NULL, fd.number(), waker.fd().number());
    }
  }

  private void await(Arena call, MemorySegment timeout, int... descriptors) {
    MemorySegment pollfds = call.allocate(8L * descriptors.length, 8);
    for (int i = 0; i < descriptors.length; i++) {
      pollfds.set(ValueLayout.JAVA_INT, 8L * i, descriptors[i]);
      pollfds.set(ValueLayout.JAVA_SHORT, 8L * i + 4, (short) Uapi.POLLIN);
    }
    long result =
        Syscall.call(
            Uapi.SYS_PPOLL, pollfds.address(), descriptors.length, timeout.address(), 0, 0);
    if (result < 0 && result != -Errno.EINTR.number()) {
      throw new BpfException("ring buffer poll", info.name(), Syscall.errno(result), null);
    }
  }

  /** Bytes in the ring that are not taken out, finished or not, headers included. */
  public long unreadBytes() {
    return memory.unreadBytes();
  }

  @Override
  public MapInfo info() {
    return info;
  }

  /** BPF_OBJ_PIN. The pin belongs to whoever unpins it. */
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    if (fd.isOpen()) {
      arena.close();
      fd.close();
    }
  }
}
