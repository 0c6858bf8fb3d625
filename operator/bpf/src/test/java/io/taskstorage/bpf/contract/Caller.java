package io.taskstorage.bpf.contract;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** One call of bpf(2) or pidfd_open(2) by another process: another user, another umask. */
record Caller(int uid, int umask) {
  private static final int NOBODY_UID = 65534;

  /** The user without any right. */
  static final Caller NOBODY = new Caller(NOBODY_UID, 0022);

  static final Caller ROOT = new Caller(0, 0022);

  /** See the begin of {@code caller.c} for the words. */
  Answer call(Object... words) {
    Command command = Command.of(program().toString(), Integer.toString(uid));
    command.arguments(Integer.toOctalString(umask));
    for (Object word : words) {
      command.arguments(word.toString());
    }
    return Answer.of(-Long.parseLong(command.run().stdoutIfDone().strip()));
  }

  private static Path program() {
    try (InputStream in = Caller.class.getResourceAsStream("caller.c")) {
      byte[] source = Objects.requireNonNull(in, "caller.c").readAllBytes();
      return Gcc.compile("caller", new String(source, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("read caller.c: " + e.getMessage(), e);
    }
  }
}
