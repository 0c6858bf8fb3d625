package io.taskstorage.agent.nri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes owners, as only root can. */
@KernelTest
class SocketTrustKernelTest {
  private static final int NOBODY = 65534;

  @Test
  void onlyWhatRootCanHavePutThereIsTrusted(@TempDir Path folder) throws IOException {
    Path place = Files.createDirectory(folder.resolve("nri"));
    Path socket = place.resolve("nri.sock");
    assertThatThrownBy(() -> SocketTrust.refusal(socket)).isInstanceOf(NoSuchFileException.class);
    try (PlayedRuntime _ = PlayedRuntime.listen(socket)) {
      assertThat(SocketTrust.refusal(socket)).isEmpty();

      Files.setAttribute(socket, "unix:uid", NOBODY);
      assertThat(SocketTrust.refusal(socket))
          .contains("it belongs to uid 65534 and not to root: chown it, or give --nri=off");
      Files.setAttribute(socket, "unix:uid", 0);

      Files.setAttribute(place, "unix:uid", NOBODY);
      assertThat(SocketTrust.refusal(socket))
          .contains("its folder belongs to uid 65534 and not to root: chown it, or give --nri=off");
      Files.setAttribute(place, "unix:uid", 0);

      Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxr-x"));
      assertThat(SocketTrust.refusal(socket))
          .contains(
              "its folder can be written by others than its owner: chmod go-w, or give --nri=off");
    }
  }
}
