package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import java.nio.file.Path;

/**
 * An iterator program with its filter: it runs when an {@link IterReader} reads. A pinned one can
 * be read as a file by whoever its mode lets in.
 */
public final class IterLink implements Link {
  private final Fd fd;
  private final String name;

  IterLink(Fd fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  /** BPF_LINK_CREATE of a {@link ProgramType.Iterator} program over tasks. */
  public static IterLink create(Program program, TaskFilter filter) {
    return new IterLink(LinkCommands.createIterator(program, filter), program.spec().name());
  }

  @Override
  public LinkInfo info() {
    return LinkCommands.info(fd, name);
  }

  @Override
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  Fd fd() {
    return fd;
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    fd.close();
  }
}
