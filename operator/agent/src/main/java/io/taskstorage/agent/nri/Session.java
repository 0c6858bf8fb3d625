package io.taskstorage.agent.nri;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One connection to the runtime, from the registration to its end. The runtime calls before it has
 * answered the registration, so everything that comes is served in the order in which it comes.
 */
final class Session {
  /** Until everything that is there is told; the runtime waits for no plugin that long. */
  private static final Duration SYNCHRONIZATION = Duration.ofMinutes(1);

  private static final Duration WRITE = Duration.ofSeconds(10);
  private static final int REGISTRATION = 1;

  /** Plugins are called in the order of their index; this one changes nothing for the others. */
  private static final String INDEX = "10";

  private static final String NAME = "taskstorage";

  private final Wire wire;
  private final Handler handler;
  private final Consumer<String> connected;
  private final Demux demux = new Demux();
  private boolean isTold;

  /**
   * Of a connection on which nothing was sent.
   *
   * @param wire stays the caller's to close
   * @param connected told the runtime's name and version, once it has told everything
   */
  Session(Wire wire, Handler handler, Consumer<String> connected) {
    this.wire = wire;
    this.handler = handler;
    this.connected = connected;
  }

  /**
   * Serves until this thread is interrupted.
   *
   * @throws IOException if the connection ends before; says why
   */
  void serve() throws IOException {
    long end = System.nanoTime() + SYNCHRONIZATION.toNanos();
    send(new Message(Message.RUNTIME, REGISTRATION, Message.REQUEST, registration()));
    while (!Thread.currentThread().isInterrupted()) {
      Duration left = isTold ? Duration.ZERO : Duration.ofNanos(end - System.nanoTime());
      if (!isTold && left.toMillis() <= 0) {
        throw new IOException(
            "the runtime did not tell what is there within "
                + SYNCHRONIZATION.toSeconds()
                + " s of the registration");
      }
      for (Message message : demux.accept(wire.read(left))) {
        take(message);
      }
    }
  }

  static byte[] registration() {
    return Call.request(
        Call.RUNTIME_SERVICE, "RegisterPlugin", new ProtoWriter().text(1, NAME).text(2, INDEX));
  }

  private void take(Message message) throws IOException {
    if (message.connection() == Message.PLUGIN && message.type() == Message.REQUEST) {
      byte[] answer = handler.answer(message.payload());
      send(new Message(Message.PLUGIN, message.stream(), Message.RESPONSE, answer));
      if (!isTold) {
        handler
            .runtime()
            .ifPresent(
                runtime -> {
                  isTold = true;
                  connected.accept(runtime);
                });
      }
    } else if (message.connection() == Message.RUNTIME
        && message.type() == Message.RESPONSE
        && message.stream() == REGISTRATION) {
      String refusal = Call.refusal(message.payload());
      if (!refusal.isEmpty()) {
        throw new IOException("the runtime refuses the registration: " + refusal);
      }
    } else {
      throw new NonsenseException(
          "message of type %d on connection %d, stream %d"
              .formatted(message.type(), message.connection(), message.stream()));
    }
  }

  private void send(Message message) throws IOException {
    ByteBuffer frames = message.toFrames();
    wire.write(frames, WRITE);
  }
}
