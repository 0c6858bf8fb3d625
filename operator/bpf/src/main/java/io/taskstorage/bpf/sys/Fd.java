package io.taskstorage.bpf.sys;

import io.taskstorage.bpf.BpfException;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor with one owner, greater than zero, closed exactly once.
 *
 * <p>bpf(2) reads descriptor 0 in an attribute as "none", so a 0 is duplicated upwards. A
 * descriptor that becomes unreachable without having been closed is closed by a cleaner and
 * reported, with the stack that opened it, through {@link #leaks()}.
 *
 * <p>Not shared between threads; the atomic guards only against a second close.
 */
public final class Fd implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ConcurrentLinkedQueue<Throwable> LEAKS = new ConcurrentLinkedQueue<>();
  private static final boolean TRACE = Boolean.getBoolean("taskstorage.trace.descriptors");
  private static final int F_DUPFD_CLOEXEC = 1030;

  private final Resource resource;
  private final Cleaner.Cleanable cleanable;

  private Fd(int number) {
    this.resource = new Resource(number, TRACE ? new Throwable("descriptor opened here") : null);
    this.cleanable = CLEANER.register(this, resource);
  }

  /** Takes over a descriptor that the kernel just returned. */
  public static Fd owning(long number) {
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("descriptor " + number + ": not a descriptor");
    }
    if (number > 0) {
      return new Fd((int) number);
    }
    long duplicate = Syscall.call(Uapi.SYS_FCNTL, 0, F_DUPFD_CLOEXEC, 3, 0, 0);
    Syscall.call(Uapi.SYS_CLOSE, 0, 0, 0, 0, 0);
    if (duplicate < 0) {
      throw new BpfException("fcntl", "descriptor 0", Syscall.errno(duplicate), null);
    }
    return new Fd((int) duplicate);
  }

  /** The number, for use as an argument of a system call while this object is reachable. */
  public int number() {
    int number = resource.number.get();
    if (number < 0) {
      throw new IllegalStateException("descriptor is closed");
    }
    return number;
  }

  public boolean isOpen() {
    return resource.number.get() >= 0;
  }

  /** Gives the descriptor up without closing it; the caller owns the number. */
  public int disown() {
    int number = resource.number.getAndSet(-1);
    cleanable.clean();
    if (number < 0) {
      throw new IllegalStateException("descriptor is closed");
    }
    return number;
  }

  @Override
  public void close() {
    resource.close();
    cleanable.clean();
  }

  /** Where the descriptors were opened that nobody closed, since the last call; oldest first. */
  public static List<Throwable> leaks() {
    List<Throwable> found = new java.util.ArrayList<>();
    for (Throwable leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
      found.add(leak);
    }
    return List.copyOf(found);
  }

  private static final class Resource implements Runnable {
    private final AtomicInteger number;
    private final @Nullable Throwable opened;

    Resource(int number, @Nullable Throwable opened) {
      this.number = new AtomicInteger(number);
      this.opened = opened;
    }

    void close() {
      int open = number.getAndSet(-1);
      if (open >= 0) {
        // Linux frees the number even when close(2) answers with an error.
        Syscall.call(Uapi.SYS_CLOSE, open, 0, 0, 0, 0);
      }
    }

    @Override
    public void run() {
      int open = number.get();
      if (open >= 0) {
        LEAKS.add(
            opened != null
                ? opened
                : new Throwable(
                    "descriptor "
                        + open
                        + " was not closed: run with"
                        + " -Dtaskstorage.trace.descriptors=true to see who opened it"));
        close();
      }
    }
  }
}
