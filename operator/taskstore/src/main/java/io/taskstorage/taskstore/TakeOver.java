package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.DirectoryLock;
import java.util.Optional;

/**
 * The request of one process for the node that another one holds. It is a lock of its own in the
 * agent's folder: only who may enter the folder can ask, at most one process asks at a time, and a
 * request ends with the process that made it, however that ends.
 *
 * <p>The holder looks for a request between two turns, and closes its store. Whoever asks opens its
 * own then, and closes the request after that: while a request stands, nobody else takes the node.
 */
public final class TakeOver implements AutoCloseable {
  private final DirectoryLock lock;

  private TakeOver(DirectoryLock lock) {
    this.lock = lock;
  }

  /**
   * Asks for the node.
   *
   * @return empty while another process asks
   * @throws StoreException if the tree is not in bpffs, or its folders are not ours
   */
  public static Optional<TakeOver> ask(PinTree tree) {
    try {
      return DirectoryLock.tryLock(
              AgentFolder.successor(tree, new PinFolders(tree, PinFolders.Steps.UNWATCHED)))
          .map(TakeOver::new);
    } catch (BpfException e) {
      throw new StoreException(new StoreProblem.KernelRefused(e));
    }
  }

  /**
   * Whether a living process asks for the node, this one included. Where that cannot be told, as
   * for want of a descriptor, nobody does; the next look may tell.
   */
  public static boolean isAsked(PinTree tree) {
    try {
      return DirectoryLock.isHeld(tree.successor());
    } catch (BpfException e) {
      return false;
    }
  }

  /** Takes the request back. */
  @Override
  public void close() {
    lock.close();
  }
}
