package io.taskstorage.agent.nri;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection to a unix socket on which nothing takes longer than it may. Confined to one thread,
 * whose interruption ends it.
 */
final class Wire implements AutoCloseable {
  private static final int BYTES = 64 << 10;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer read = ByteBuffer.allocateDirect(BYTES);

  private Wire(SocketChannel channel, Selector selector, SelectionKey key) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
  }

  /** Connects at once or fails. */
  static Wire connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
        throw new IOException("nobody takes connections");
      }
      Selector selector = Selector.open();
      return new Wire(channel, selector, channel.register(selector, SelectionKey.OP_READ));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * What has come since; at least a byte. Good until the next call.
   *
   * @param limit zero = as long as it takes
   * @throws EOFException if the peer has closed
   * @throws SocketTimeoutException if nothing came in time
   */
  ByteBuffer read(Duration limit) throws IOException {
    read.clear();
    int count = channel.read(read);
    if (count == 0) {
      await(SelectionKey.OP_READ, limit);
      count = channel.read(read);
    }
    if (count < 0) {
      throw new EOFException("the runtime has closed the connection");
    }
    return read.flip();
  }

  /**
   * Sends all of it.
   *
   * @throws SocketTimeoutException if the peer does not read for so long
   */
  void write(ByteBuffer bytes, Duration limit) throws IOException {
    channel.write(bytes);
    while (bytes.hasRemaining()) {
      await(SelectionKey.OP_WRITE, limit);
      channel.write(bytes);
    }
  }

  private void await(int operation, Duration limit) throws IOException {
    key.interestOps(operation);
    selector.selectedKeys().clear();
    int ready = selector.select(limit.toMillis());
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    if (ready == 0) {
      throw new SocketTimeoutException(
          "the runtime does not %s for %d s"
              .formatted(operation == SelectionKey.OP_READ ? "answer" : "read", limit.toSeconds()));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
