package io.taskstorage.agent.nri;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what listens at a path may say which container is which: only root, or whom this process
 * belongs to, can have put a socket there.
 */
public final class SocketTrust {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int ROOT = 0;

  private SocketTrust() {}

  /**
   * Why it is not to be trusted; empty = it is.
   *
   * @throws NoSuchFileException if there is nothing
   */
  public static Optional<String> refusal(Path socket) throws IOException {
    Map<String, Object> file =
        Files.readAttributes(socket, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    if ((number(file, "mode") & TYPE) != SOCKET) {
      return Optional.of("it is no socket: name the runtime's by --nri, or give --nri=off");
    }
    Path folder = Objects.requireNonNull(socket.toAbsolutePath().getParent(), "a socket's folder");
    Map<String, Object> above = Files.readAttributes(folder.toRealPath(), "unix:uid,mode");
    Set<Integer> trusted =
        Set.copyOf(
            List.of(ROOT, number(Files.readAttributes(Path.of("/proc/self"), "unix:uid"), "uid")));
    return refusal("it", file, trusted, false)
        .or(() -> refusal("its folder", above, trusted, true));
  }

  private static Optional<String> refusal(
      String what, Map<String, Object> attributes, Set<Integer> trusted, boolean isFolder) {
    int uid = number(attributes, "uid");
    if (!trusted.contains(uid)) {
      return Optional.of(
          "%s belongs to uid %d and not to root: chown it, or give --nri=off".formatted(what, uid));
    }
    if (isFolder && (number(attributes, "mode") & WRITABLE_BY_OTHERS) != 0) {
      return Optional.of(
          "%s can be written by others than its owner: chmod go-w, or give --nri=off"
              .formatted(what));
    }
    return Optional.empty();
  }

  private static int number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number.intValue() : -1;
  }
}
