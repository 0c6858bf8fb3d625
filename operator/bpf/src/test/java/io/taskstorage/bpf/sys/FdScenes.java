package io.taskstorage.bpf.sys;

import io.taskstorage.bpf.Descriptors;
import java.util.List;

/** What tests of descriptors do in a virtual machine of their own, with tracing on. */
final class FdScenes {
  private FdScenes() {}

  public static void main(String[] arguments) throws InterruptedException {
    switch (arguments[0]) {
      case "zero" -> zero();
      case "leak" -> leak();
      case "open" -> open();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** Standard input is descriptor 0; closed, it is the next number that the kernel gives. */
  private static void zero() {
    Syscall.close(0);
    try (Fd fd = Fd.owning(duplicate(0))) {
      System.out.println(fd.number() > 0 ? "moved" : "not moved");
    }
  }

  private static void leak() throws InterruptedException {
    lose();
    List<Throwable> leaked = List.of();
    while (leaked.isEmpty()) {
      System.gc();
      leaked = Descriptors.leaked();
      Thread.onSpinWait();
    }
    leaked.getFirst().printStackTrace(System.out);
  }

  private static void lose() {
    Fd.owning(duplicate(3));
  }

  private static void open() {
    System.out.println(Descriptors.open().size());
    try (Fd fd = Fd.owning(duplicate(3))) {
      List<Throwable> open = Descriptors.open();
      boolean named =
          String.valueOf(open.getFirst().getMessage())
              .equals("descriptor " + fd.number() + ": is open");
      System.out.println(open.size() + (named ? " is open" : " has another name"));
    }
    System.out.println(Descriptors.open().size());
  }

  private static long duplicate(int from) {
    return Syscall.call(Uapi.SYS_FCNTL, 1, Uapi.F_DUPFD_CLOEXEC, from, 0, 0);
  }
}
