package io.taskstorage.agent.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the woven classes of an agent call, in the agent's own process: it writes down where the
 * agent comes by, and kills it by SIGKILL at the point that the system properties name.
 */
public final class KilledProcess {
  /** The file in which places are written down; while it is not there nothing counts. */
  static final String FILE = "kill.file";

  /** The place, such as {@code before agent.execute.Executor.assign}; nothing kills without it. */
  static final String PLACE = "kill.place";

  /** How often the process comes there until it dies. */
  static final String CROSSING = "kill.crossing";

  private static final int SIGKILL = 9;
  private static final Path PLACES = Path.of(System.getProperty(FILE, ""));
  private static final String DEADLY = System.getProperty(PLACE, "");

  @SuppressWarnings("restricted") // Tests have native access, to die as by kill -9.
  private static final MethodHandle KILL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private static int left = Integer.getInteger(CROSSING, 0);

  private KilledProcess() {}

  /** A method begins. */
  public static void before(String method) {
    crossed("before " + method);
  }

  /** A method is about to return. */
  public static void after(String method) {
    crossed("after " + method);
  }

  private static synchronized void crossed(String place) {
    if (!Files.exists(PLACES)) {
      return;
    }
    try {
      Files.writeString(PLACES, place + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (place.equals(DEADLY) && --left == 0) {
      die();
    }
  }

  /** Does not return: the signal is there before the call is over. */
  private static void die() {
    try {
      int _ = (int) KILL.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
    } catch (Throwable e) {
      throw new AssertionError("kill this process", e);
    }
    throw new AssertionError("kill this process: it lives on");
  }
}
