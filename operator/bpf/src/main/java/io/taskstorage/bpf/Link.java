package io.taskstorage.bpf;

import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.ObjectInfo;
import java.nio.file.Path;

/**
 * A program's attachment. Closing it releases the descriptor: without a pin the program is detached
 * by that, with a pin it goes on, also after this process has ended. Removing the last pin
 * detaches.
 */
public sealed interface Link extends AutoCloseable permits TracepointLink, IterLink {

  /** BPF_OBJ_GET_INFO_BY_FD. */
  LinkInfo info();

  /** BPF_OBJ_PIN. The pin belongs to whoever unpins it. */
  void pin(Path path);

  @Override
  void close();

  /**
   * BPF_OBJ_GET of a pinned link.
   *
   * @throws BpfException ENOENT where there is none, EACCES where it is no pin or its mode forbids
   *     it, EINVAL where it is another kind of object or of link
   */
  static Link open(Path pin) {
    Fd fd = MapCommands.open(pin, Access.READ_WRITE);
    try {
      MapCommands.refuseOtherThan("bpf-link", fd, "link open", pin.toString());
      LinkInfo info = LinkCommands.info(fd, pin.toString());
      return switch (info.type()) {
        case ObjectInfo.BPF_LINK_TYPE_RAW_TRACEPOINT -> new TracepointLink(fd, info.target());
        case ObjectInfo.BPF_LINK_TYPE_ITER -> new IterLink(fd, info.target());
        default ->
            throw new BpfException(
                "link open",
                pin.toString(),
                Errno.EINVAL,
                "it is a link of type " + info.type() + ", neither tracepoint nor iterator");
      };
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }
}
