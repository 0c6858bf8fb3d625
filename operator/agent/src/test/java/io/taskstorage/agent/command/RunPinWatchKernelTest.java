package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to pins is acted on when it is done, though the next pass is an hour away. */
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
class RunPinWatchKernelTest {
  private static final String[] SELDOM = {"--plane", "in-kernel", "--interval", "60m"};

  @TempDir Path folder;

  private WebTenant web;
  private Child run;
  private Path pin;

  @BeforeEach
  void start(@BpffsMount Path bpffs, CgroupSandbox cgroups) {
    web = WebTenant.on(folder, bpffs, cgroups);
    web.process();
    web.tenant(7);
    run = web.run(SELDOM);
    pin = web.runs().tree().publicPin(web.runs().map().bpfName());
  }

  @AfterEach
  void end() {
    run.close();
    web.close();
  }

  @Test
  void aPublicPinThatWasRemovedIsMadeAgain() throws IOException {
    // Given
    int id = web.runs().mapId();

    // When
    Files.delete(pin);

    // Then
    await().atMost(WebTenant.LIMIT).until(() -> Files.exists(pin));
    assertThat(web.runs().mapId()).isEqualTo(id);
    WebTenant.end(run);
  }

  @Test
  void aPublicPinWhoseModeWasLoosenedIsTold() throws IOException {
    // When
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw-rw-"));

    // Then
    run.awaitLine(
        "^TaskStorageMap tenant-ctx: Ready False  NodesFailed: ForeignPin: pin .*: its mode 0666 ");

    // When
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));

    // Then
    run.awaitLine("^TaskStorageMap tenant-ctx: Ready True  Programmed");
    WebTenant.end(run);
  }

  @Test
  void somethingElseInThePlaceOfAPublicPinIsTold() throws IOException {
    // When
    Files.move(pin, pin.resolveSibling("elsewhere"), StandardCopyOption.ATOMIC_MOVE);
    Files.createSymbolicLink(pin, Path.of("elsewhere"));

    // Then
    run.awaitLine("^TaskStorageMap tenant-ctx: Ready False  NodesFailed: ForeignPin: pin ");

    // When
    Files.delete(pin);
    Files.delete(pin.resolveSibling("elsewhere"));

    // Then
    run.awaitLine("^TaskStorageMap tenant-ctx: Ready True  Programmed");
    WebTenant.end(run);
  }

  @Test
  void aLinkOfAProgramThatWasRemovedIsMadeAgain() throws IOException {
    // Given
    Path links = web.runs().tree().agentFolder().resolve("programs/1/links");

    // When
    try (var all = Files.list(links)) {
      Files.delete(all.findFirst().orElseThrow());
    }

    // Then
    run.awaitLine("^tasks: ForeignChange: keep pin " + links + "/");
    run.awaitLine("^mended: tasks: ForeignChange: ");
    WebTenant.end(run);
  }
}
