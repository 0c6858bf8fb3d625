package io.taskstorage.agent.nri;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A runtime that does what a test says, also what no real one does. It listens until it is closed;
 * the test reads and writes on its own thread.
 */
final class PlayedRuntime implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path socket;
  private final ServerSocketChannel server;

  private PlayedRuntime(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  /** Listens at a path, in place of what was there. */
  static PlayedRuntime listen(Path socket) {
    try {
      Files.deleteIfExists(socket);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      server.configureBlocking(false);
      return new PlayedRuntime(socket, server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next plugin that comes. */
  Peer accept() {
    return new Peer(within("a plugin", () -> Optional.ofNullable(server.accept())));
  }

  private interface Attempt<T> {
    Optional<T> make() throws IOException;
  }

  /** Tries until there is something. */
  private static <T> T within(String what, Attempt<T> attempt) {
    long end = System.nanoTime() + LIMIT.toNanos();
    try {
      while (System.nanoTime() - end < 0) {
        Optional<T> made = attempt.make();
        if (made.isPresent()) {
          return made.get();
        }
        Thread.sleep(1);
      }
      throw new AssertionError(what + " did not come");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A plugin. */
  static final class Peer implements AutoCloseable {
    private final SocketChannel channel;
    private final Demux demux = new Demux();
    private final Deque<Message> read = new ArrayDeque<>();
    private int stream = -1;

    Peer(SocketChannel channel) {
      this.channel = channel;
      try {
        channel.configureBlocking(false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What it sends next. */
    Message next() {
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
      return within(
          "a message",
          () -> {
            if (read.isEmpty()) {
              if (channel.read(bytes.clear()) < 0) {
                throw new EOFException("the plugin has closed");
              }
              read.addAll(demux.accept(bytes.flip()));
            }
            return Optional.ofNullable(read.pollFirst());
          });
    }

    /** True once it has closed; what it sends before is lost. */
    boolean isClosed() {
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
      return within(
          "the plugin's end",
          () -> channel.read(bytes.clear()) < 0 ? Optional.of(true) : Optional.empty());
    }

    void send(ByteBuffer bytes) {
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Sends a call byte by byte, each in a frame of its own. */
    void sendInPieces(Message message) {
      ByteBuffer frames = message.toFrames().position(Message.FRAME_HEADER_BYTES);
      while (frames.hasRemaining()) {
        send(
            ByteBuffer.allocate(Message.FRAME_HEADER_BYTES + 1)
                .putInt(message.connection())
                .putInt(1)
                .put(frames.get())
                .flip());
      }
    }

    Message request(String method, ProtoWriter argument) {
      stream += 2;
      return new Message(
          Message.PLUGIN,
          stream,
          Message.REQUEST,
          Call.request(Call.PLUGIN_SERVICE, method, argument));
    }

    /** Calls the plugin and waits for its answer. */
    byte[] call(String method, ProtoWriter argument) {
      Message request = request(method, argument);
      send(request.toFrames());
      Message answer = next();
      if (answer.stream() != request.stream() || answer.type() != Message.RESPONSE) {
        throw new AssertionError("no answer but " + answer);
      }
      return answer.payload();
    }

    /** Everything up to the synchronization, with one container there. */
    void register() {
      Message registration = next();
      call("Configure", new ProtoWriter().text(2, "played").text(3, "1").number(5, 60_000));
      send(
          new Message(Message.RUNTIME, registration.stream(), Message.RESPONSE, Call.DONE)
              .toFrames());
      call(
          "Synchronize",
          new ProtoWriter()
              .message(1, new ProtoWriter().text(1, "s1").text(3, "u1"))
              .message(2, new ProtoWriter().text(1, "c1").text(2, "s1").text(3, "server")));
    }

    static ProtoWriter event(String id) {
      return new ProtoWriter()
          .message(1, new ProtoWriter().text(1, "s1").text(3, "u1"))
          .message(2, new ProtoWriter().text(1, id).text(2, "s1").text(3, id + "-name"));
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
