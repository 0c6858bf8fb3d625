import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Makes of two of our jars those of a next version: {@code Next.java VERSION TASKSTORE CONSOLE}. It
 * says that it is VERSION, and each of its programs ends with one instruction more, so that the
 * kernel gives it another tag; it does the same.
 */
final class Next {
  private static final String PROGRAMS = "io/taskstorage/taskstore/inkernel/Pieces.class";
  private static final String VERSION = "io/taskstorage/console/version.properties";
  private static final ClassDesc ASM = ClassDesc.of("io.taskstorage.bpf.asm.Asm");
  private static final ClassDesc REG = ClassDesc.of("io.taskstorage.bpf.asm.Reg");
  private static final MethodTypeDesc MOV = MethodTypeDesc.of(ASM, REG, ConstantDescs.CD_int);

  private Next() {}

  public static void main(String[] words) throws IOException {
    byte[] version = ("version=" + words[0] + "\n").getBytes(StandardCharsets.UTF_8);
    replace(Path.of(words[1]), PROGRAMS, Next::longer);
    replace(Path.of(words[2]), VERSION, _ -> version);
  }

  /** One entry of a jar becomes another one. */
  private static void replace(Path jar, String name, UnaryOperator<byte[]> by) throws IOException {
    Path next = jar.resolveSibling(jar.getFileName() + ".next");
    boolean isFound = false;
    try (ZipInputStream from = new ZipInputStream(Files.newInputStream(jar));
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(next))) {
      for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
        byte[] bytes = from.readAllBytes();
        boolean isIt = entry.getName().equals(name);
        isFound |= isIt;
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(isIt ? by.apply(bytes) : bytes);
      }
    }
    if (!isFound) {
      throw new IllegalStateException("change " + jar + ": it has no " + name);
    }
    Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  /** {@code mov(R0, 0)} at the end of {@code Pieces.program} is there twice. */
  private static byte[] longer(byte[] bytes) {
    AtomicInteger found = new AtomicInteger();
    CodeTransform twice =
        (code, element) -> {
          code.with(element);
          if (element instanceof InvokeInstruction call && call.name().equalsString("mov")) {
            found.incrementAndGet();
            code.getstatic(REG, "R0", REG).iconst_0().invokevirtual(ASM, "mov", MOV);
          }
        };
    ClassFile classFile = ClassFile.of();
    byte[] changed =
        classFile.transformClass(
            classFile.parse(bytes),
            ClassTransform.transformingMethodBodies(
                method -> method.methodName().equalsString("program"), twice));
    if (found.get() != 1) {
      throw new IllegalStateException(
          "change Pieces.program: it calls mov " + found + " times, not once");
    }
    return changed;
  }
}
