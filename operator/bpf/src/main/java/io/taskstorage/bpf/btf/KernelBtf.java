package io.taskstorage.bpf.btf;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The types of the running kernel. What was asked once is remembered; the types themselves are some
 * 6 MB that nobody needs for long, which the collector may have back. Any thread may use it.
 */
public final class KernelBtf {
  /** Where the kernel offers its types, to every user. */
  public static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");

  private static final int STEP_BYTES = 1 << 16;

  private static @Nullable KernelBtf vmlinux;

  private final Path file;
  private final Map<Named, OptionalInt> ids = new HashMap<>();
  private final Map<Member, OptionalInt> offsets = new HashMap<>();
  private SoftReference<BtfReader> reader;

  private record Named(String name, BtfKind kind) {}

  private record Member(String struct, String path) {}

  private KernelBtf(Path file, BtfReader reader) {
    this.file = file;
    this.reader = new SoftReference<>(reader);
  }

  /**
   * The kernel's own types, without those of its modules.
   *
   * @throws BpfException ENOENT where the kernel was built without
   */
  public static synchronized KernelBtf vmlinux() {
    KernelBtf known = vmlinux;
    if (known == null) {
      known = read(VMLINUX);
      vmlinux = known;
    }
    return known;
  }

  /**
   * The types of a kernel in a file as the kernel offers it.
   *
   * @throws BpfException ENOENT where there is no such file
   */
  public static KernelBtf read(Path file) {
    return new KernelBtf(file, readerOf(file));
  }

  private static BtfReader readerOf(Path file) {
    try {
      return BtfReader.of(file.toString(), BtfBlob.owning(bytes(file)));
    } catch (NoSuchFileException e) {
      throw new BpfException(
          "btf read",
          file.toString(),
          Errno.ENOENT,
          "the kernel was built without CONFIG_DEBUG_INFO_BTF: use one that has it");
    } catch (AccessDeniedException e) {
      throw new BpfException(
          "btf read", file.toString(), Errno.EACCES, "this user may not read it: run as root");
    } catch (IOException e) {
      throw new UncheckedIOException("btf read " + file + ": " + e.getMessage(), e);
    }
  }

  /** In steps: whatever is read at once, a thread keeps as much memory for outside of the heap. */
  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = new byte[Math.toIntExact(Files.size(file))];
      int length = 0;
      while (length < bytes.length) {
        int read = in.read(bytes, length, Math.min(STEP_BYTES, bytes.length - length));
        if (read < 0) {
          return Arrays.copyOf(bytes, length);
        }
        length += read;
      }
      return bytes;
    }
  }

  /** The id of the first type of a name and kind. */
  public synchronized OptionalInt typeId(String name, BtfKind kind) {
    return ids.computeIfAbsent(
        new Named(name, kind), asked -> reader().find(asked.name(), asked.kind()));
  }

  /**
   * Where a member of a struct lies, in bytes.
   *
   * @param struct name of a struct
   * @param member a name or a path, as {@link BtfReader#memberOffset} takes it
   */
  public synchronized OptionalInt memberOffset(String struct, String member) {
    OptionalInt id = typeId(struct, BtfKind.STRUCT);
    return offsets.computeIfAbsent(
        new Member(struct, member),
        asked ->
            id.isPresent()
                ? reader().memberOffset(id.getAsInt(), asked.path())
                : OptionalInt.empty());
  }

  /** Lets go of the kernel's types, not of answers: they are read again where more is asked. */
  public static synchronized void forgetTypes() {
    if (vmlinux != null) {
      vmlinux.forget();
    }
  }

  private synchronized void forget() {
    reader.clear();
  }

  /** Everything else. Whoever keeps it keeps all types. */
  public synchronized BtfReader reader() {
    BtfReader known = reader.get();
    if (known == null) {
      known = readerOf(file);
      reader = new SoftReference<>(known);
    }
    return known;
  }
}
