package io.taskstorage.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The running kernel's types with other names in them: so looks a kernel that lacks something, or
 * whose types are not its own.
 */
public final class ChangedKernelTypes {
  private static final Path KERNELS = Path.of("/sys/kernel/btf/vmlinux");

  /** Of struct btf_header in include/uapi/linux/btf.h. */
  private static final int HEADER_LENGTH = 4;

  private static final int STRINGS_OFFSET = 16;
  private static final int STRINGS_LENGTH = 20;

  private ChangedKernelTypes() {}

  /**
   * Writes them to a file.
   *
   * @param names what each of these names shall be; as long as it was
   */
  public static Path write(Path file, Map<String, String> names) {
    try {
      byte[] types = Files.readAllBytes(KERNELS);
      ByteBuffer header = ByteBuffer.wrap(types).order(ByteOrder.nativeOrder());
      int begin = header.getInt(HEADER_LENGTH) + header.getInt(STRINGS_OFFSET);
      String strings = new String(types, begin, header.getInt(STRINGS_LENGTH), ISO_8859_1);
      Map<Integer, String> changes = new HashMap<>();
      names.forEach((name, other) -> changes.put(begin + place(strings, name, other), other));
      changes.forEach((at, other) -> header.put(at, other.getBytes(ISO_8859_1)));
      return Files.write(file, types);
    } catch (IOException e) {
      throw new UncheckedIOException("change " + KERNELS + ": " + e.getMessage(), e);
    }
  }

  private static int place(String strings, String name, String other) {
    int before = strings.indexOf("\0" + name + "\0");
    if (before < 0 || name.length() != other.length()) {
      throw new IllegalArgumentException(
          "change %s of %s to %s: there is no such name, or it has another length"
              .formatted(name, KERNELS, other));
    }
    return before + 1;
  }

  /** Put before a command: for it alone the kernel's types are those of the file. */
  public static String[] insteadOfTheKernels(Path file) {
    return new String[] {
      "unshare",
      "--mount",
      "sh",
      "-c",
      "mount --bind \"$0\" " + KERNELS + " && exec \"$@\"",
      file.toString()
    };
  }
}
