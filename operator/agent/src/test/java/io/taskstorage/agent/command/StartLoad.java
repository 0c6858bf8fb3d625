package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Tasks that start in a cgroup without end, by fork, by vfork and as threads. Each reads its own
 * entry as its first act: the public path must lead to a map, an entry must be there, and its first
 * word must be a version that was in force meanwhile. Closing ends it.
 */
final class StartLoad implements AutoCloseable {
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final Duration LIMIT = Duration.ofMinutes(2);

  // The words of load.c.
  private static final int SURELY = 0;
  private static final int MAYBE = 8;
  private static final int STOP = 16;
  private static final int STARTS = 24;
  private static final int MISSING = 32;
  private static final int WRONG = 40;
  private static final int FAILED = 48;
  private static final int SEEN = 56;
  private static final int FROM = 64;
  private static final int TO = 72;
  private static final int BYTES = 80;

  /** What started tasks found so far. */
  record Seen(long starts, long missing, long wrong, long failed, String lastError) {}

  private final ByteBuffer memory;
  private final Child child;

  private StartLoad(ByteBuffer memory, Child child) {
    this.memory = memory;
    this.child = child;
  }

  /**
   * Starts it.
   *
   * @param pin of a map that is public already, not only recorded, and where the cgroup has a row
   * @param version that is in force now
   */
  static StartLoad in(Cgroup cgroup, Path folder, Path pin, long version) {
    try {
      URL source = StartLoad.class.getResource("/StartLoad/load.c");
      Path program =
          Gcc.compileFiles(
              "load", List.of(Path.of(Objects.requireNonNull(source).toURI())), "-pthread");
      Path file = folder.resolve("start-load");
      Files.write(file, new byte[BYTES]);
      ByteBuffer memory = mapped(file);
      set(memory, SURELY, version);
      set(memory, MAYBE, version);
      Child child =
          Command.of(program.toString())
              .arguments(file.toString(), pin.toString(), cgroup.path().toString())
              .start();
      return new StartLoad(memory, child);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The mapping goes with the collector. */
  private static ByteBuffer mapped(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
    }
  }

  /** From now on this version may be in force. */
  void maybe(long version) {
    set(memory, MAYBE, version);
  }

  /** From now on no older version may be seen. */
  void surely(long version) {
    set(memory, SURELY, version);
  }

  /** What tasks found that started until now. */
  Seen seen() {
    return new Seen(
        get(STARTS),
        get(MISSING),
        get(WRONG),
        get(FAILED),
        "saw %d where %d to %d was allowed".formatted(get(SEEN), get(FROM), get(TO)));
  }

  /** Fails unless every task that started found what it had to, and as many more have started. */
  void assertAllRight(int more) {
    long enough = get(STARTS) + more;
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> get(STARTS) >= enough || !child.isAlive());
    Seen seen = seen();
    assertThat(child.isAlive()).as(child::stderr).isTrue();
    assertThat(seen)
        .as("%s", seen)
        .extracting(Seen::missing, Seen::wrong, Seen::failed)
        .containsExactly(0L, 0L, 0L);
  }

  private long get(int word) {
    return (long) WORD.getVolatile(memory, word);
  }

  private static void set(ByteBuffer memory, int word, long value) {
    WORD.setVolatile(memory, word, value);
  }

  @Override
  public void close() {
    set(memory, STOP, 1);
    child.awaitExit();
    child.close();
  }
}
