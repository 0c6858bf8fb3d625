package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import java.nio.file.Path;

/** A program that an earlier process loaded and pinned. Closing it releases the descriptor. */
public final class PinnedProgram implements AutoCloseable {
  private final Fd fd;
  private final Path pin;

  private PinnedProgram(Fd fd, Path pin) {
    this.fd = fd;
    this.pin = pin;
  }

  /**
   * BPF_OBJ_GET of a pinned program.
   *
   * @throws BpfException ENOENT where there is none, EACCES where it is no pin or its mode forbids
   *     it, EINVAL where it is another kind of object
   */
  public static PinnedProgram open(Path pin) {
    Fd fd = MapCommands.open(pin, Access.READ_WRITE);
    try {
      MapCommands.refuseOtherThan("bpf-prog", fd, "program open", pin.toString());
      return new PinnedProgram(fd, pin);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /** BPF_OBJ_GET_INFO_BY_FD: what the kernel says now. */
  public ProgramInfo info() {
    return ProgramCommands.info(fd, pin.toString());
  }

  @Override
  public void close() {
    fd.close();
  }
}
