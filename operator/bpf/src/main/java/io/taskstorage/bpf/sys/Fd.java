package io.taskstorage.bpf.sys;

import io.taskstorage.bpf.BpfException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor with one owner, greater than zero, closed exactly once.
 *
 * <p>bpf(2) reads a descriptor 0 in an attribute as "none", so a 0 is duplicated upwards.
 *
 * <p>One that becomes unreachable while open is closed by a cleaner, and reported. Where it was
 * opened is known only while tracing is on, since a stack costs more than the system call.
 *
 * <p>Not to be shared between threads: a number that another thread closed may be in use again for
 * something else. The atomic keeps a second close from doing harm, no more.
 */
public final class Fd implements AutoCloseable {
  /** The system property that switches tracing on. */
  public static final String TRACE_PROPERTY = "taskstorage.trace.descriptors";

  private static final boolean TRACE = Boolean.getBoolean(TRACE_PROPERTY);
  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().daemon().name("descriptor-cleaner").factory());
  private static final Set<Resource> OPEN = ConcurrentHashMap.newKeySet();
  private static final ConcurrentLinkedQueue<Throwable> LEAKED = new ConcurrentLinkedQueue<>();
  private static final int CLOSED = -1;

  private final Resource resource;
  private final Cleaner.Cleanable cleanable;

  private Fd(int number) {
    this.resource = new Resource(number);
    this.cleanable = CLEANER.register(this, resource);
  }

  /**
   * Takes over a descriptor that the kernel has just returned.
   *
   * @param number a result of a system call that was no failure
   */
  public static Fd owning(long number) {
    int descriptor = Math.toIntExact(number);
    if (descriptor < 0) {
      throw new IllegalArgumentException("descriptor " + number + ": is an error");
    }
    return new Fd(descriptor == 0 ? aboveZero() : descriptor);
  }

  private static int aboveZero() {
    long duplicate = Syscall.call(Uapi.SYS_FCNTL, 0, Uapi.F_DUPFD_CLOEXEC, 1, 0, 0);
    Syscall.close(0);
    if (duplicate < 0) {
      throw new BpfException("duplicate", "descriptor 0", Syscall.errno(duplicate), null);
    }
    return (int) duplicate;
  }

  /** The number, as an argument of a call while this object is reachable. */
  public int number() {
    int number = resource.number.get();
    if (number == CLOSED) {
      throw new IllegalStateException("descriptor: is closed");
    }
    return number;
  }

  /** Whether it was neither closed nor given away. */
  public boolean isOpen() {
    return resource.number.get() != CLOSED;
  }

  /** Gives the descriptor away, open; the caller owns the number. */
  public int disown() {
    int number = number();
    resource.number.set(CLOSED);
    cleanable.clean();
    return number;
  }

  /** Closes it; again is nothing. */
  @Override
  public void close() {
    resource.close();
    cleanable.clean();
  }

  /** Where each descriptor was opened that is open now; empty unless tracing is on. */
  public static List<Throwable> open() {
    List<Throwable> opened = new ArrayList<>();
    OPEN.forEach(resource -> opened.add(resource.report("is open")));
    return opened;
  }

  /** The descriptors that the cleaner had to close since the last call. */
  public static List<Throwable> leaks() {
    List<Throwable> leaked = new ArrayList<>();
    for (Throwable leak = LEAKED.poll(); leak != null; leak = LEAKED.poll()) {
      leaked.add(leak);
    }
    return leaked;
  }

  /** The number and its end, apart from the {@link Fd} so that the cleaner can hold it. */
  private static final class Resource implements Runnable {
    private final AtomicInteger number;
    private final @Nullable Throwable opened;

    Resource(int number) {
      this.number = new AtomicInteger(number);
      this.opened = TRACE ? new Throwable("descriptor " + number + ": opened here") : null;
      if (TRACE) {
        OPEN.add(this);
      }
    }

    void close() {
      int open = number.getAndSet(CLOSED);
      if (open != CLOSED) {
        Syscall.close(open);
      }
    }

    /** Runs once: by a close, which leaves nothing to do, or because nobody closed. */
    @Override
    public void run() {
      if (TRACE) {
        OPEN.remove(this);
      }
      if (number.get() != CLOSED) {
        Throwable leak = report("was not closed");
        close();
        LEAKED.add(leak);
        System.getLogger(Fd.class.getName()).log(Level.WARNING, leak.getMessage(), leak);
      }
    }

    Throwable report(String what) {
      String message = "descriptor " + number.get() + ": " + what;
      return opened == null
          ? new Throwable(message + ": -D" + TRACE_PROPERTY + "=true tells who opened it")
          : new Throwable(message, opened);
    }
  }
}
