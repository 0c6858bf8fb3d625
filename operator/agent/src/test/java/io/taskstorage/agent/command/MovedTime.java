package io.taskstorage.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The time of an agent in a process of its own: by it, all limits and looks towards the API server
 * go. From the moment on when a file is there it is an hour ahead.
 */
public final class MovedTime {
  private static final String CLOCK = "io/taskstorage/agent/cluster/Monotonic.class";

  private static final String PROPERTY = "moved.file";

  private static final Path FILE = Path.of(System.getProperty(PROPERTY, ""));

  private static final ClassDesc HERE = ClassDesc.of(MovedTime.class.getName());

  private static final MethodTypeDesc TO_LONG = MethodTypeDesc.of(ConstantDescs.CD_long);

  private MovedTime() {}

  /** What the woven clock asks, in the agent's own process. */
  public static long nanoTime() {
    return System.nanoTime() + (Files.exists(FILE) ? TimeUnit.HOURS.toNanos(1) : 0);
  }

  /** Writes the woven clock into a folder that the agent's class path begins with. */
  static void write(Path folder) {
    ClassLoader loader = Objects.requireNonNull(MovedTime.class.getClassLoader());
    try (InputStream in = loader.getResourceAsStream(CLOCK)) {
      ClassFile classFile = ClassFile.of();
      Path woven = folder.resolve(CLOCK);
      Files.createDirectories(Objects.requireNonNull(woven.getParent()));
      Files.write(
          woven,
          classFile.transformClass(
              classFile.parse(Objects.requireNonNull(in, CLOCK).readAllBytes()),
              ClassTransform.transformingMethodBodies(
                  (code, element) -> {
                    if (asksTheTime(element)) {
                      code.invokestatic(HERE, "nanoTime", TO_LONG);
                    } else {
                      code.with(element);
                    }
                  })));
    } catch (IOException e) {
      throw new UncheckedIOException("weave " + CLOCK, e);
    }
  }

  /** The agent's option that says which file moves the time. */
  static String option(Path file) {
    return "-D%s=%s".formatted(PROPERTY, file);
  }

  private static boolean asksTheTime(CodeElement element) {
    return element instanceof InvokeInstruction call && call.name().equalsString("nanoTime");
  }
}
