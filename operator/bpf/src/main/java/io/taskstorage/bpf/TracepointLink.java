package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import java.nio.file.Path;

/** A program attached to a tracepoint: it runs there from {@link #attach} on. */
public final class TracepointLink implements Link {
  private final Fd fd;
  private final String name;

  TracepointLink(Fd fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  /** Attaches a {@link ProgramType.Tracepoint} program to its tracepoint. */
  public static TracepointLink attach(Program program) {
    return new TracepointLink(LinkCommands.attachTracepoint(program), program.spec().name());
  }

  @Override
  public LinkInfo info() {
    return LinkCommands.info(fd, name);
  }

  @Override
  public void pin(Path path) {
    MapCommands.pin(fd, path);
  }

  @Override
  public void close() {
    fd.close();
  }
}
