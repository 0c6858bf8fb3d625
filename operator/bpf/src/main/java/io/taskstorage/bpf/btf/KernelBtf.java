package io.taskstorage.bpf.btf;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The types of the running kernel. Immutable; any thread may use it. */
public final class KernelBtf {
  /** Where the kernel offers its types, to every user. */
  public static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");

  /** Some 6 MB that nobody needs for long: the collector may have them back. */
  private static SoftReference<KernelBtf> vmlinux = new SoftReference<>(null);

  private final BtfReader reader;

  private KernelBtf(BtfReader reader) {
    this.reader = reader;
  }

  /**
   * The kernel's own types, without those of its modules. Read once and then remembered while
   * memory allows.
   *
   * @throws BpfException ENOENT where the kernel was built without
   */
  public static synchronized KernelBtf vmlinux() {
    KernelBtf known = vmlinux.get();
    if (known == null) {
      known = read(VMLINUX);
      vmlinux = new SoftReference<>(known);
    }
    return known;
  }

  static KernelBtf read(Path file) {
    try {
      BtfBlob blob = BtfBlob.owning(Files.readAllBytes(file));
      return new KernelBtf(BtfReader.of(file.toString(), blob));
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

  /** The id of the first type of a name and kind. */
  public OptionalInt typeId(String name, BtfKind kind) {
    return reader.find(name, kind);
  }

  /**
   * Where a member of a struct lies, in bytes.
   *
   * @param struct name of a struct
   * @param member a name or a path, as {@link BtfReader#memberOffset} takes it
   */
  public OptionalInt memberOffset(String struct, String member) {
    OptionalInt id = typeId(struct, BtfKind.STRUCT);
    return id.isPresent() ? reader.memberOffset(id.getAsInt(), member) : OptionalInt.empty();
  }

  /** Everything else. */
  public BtfReader reader() {
    return reader;
  }
}
