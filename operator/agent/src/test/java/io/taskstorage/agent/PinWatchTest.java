package io.taskstorage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.taskstore.PinTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long wait ends early only because the watch has marked; plain files play pins. */
class PinWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path root;

  private final Dirty dirty = new Dirty();
  private Path pin;
  private Path programs;
  private Path link;
  private PinWatch watch;

  @BeforeEach
  void watch() throws IOException {
    PinTree tree = new PinTree(root);
    pin = Files.createFile(Files.createDirectory(tree.publicFolder()).resolve("tenant_ctx"));
    programs = tree.agentFolder().resolve("programs");
    link =
        Files.createFile(Files.createDirectories(programs.resolve("1/links")).resolve("newtask"));
    watch = PinWatch.start(Optional.of(tree), dirty);
    watch.begins();
    watch.turned();
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void aPinThatGoesIsNews() throws IOException {
    // When
    Files.delete(pin);

    // Then
    assertThat(isNews()).isTrue();
  }

  @Test
  void aPinWhoseModeChangesIsNews() throws IOException {
    // When
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-rw-rw-"));

    // Then
    assertThat(isNews()).isTrue();
  }

  @Test
  void aPinThatIsReplacedIsNews() throws IOException {
    // When
    Files.move(Files.createFile(root.resolve("other")), pin.resolveSibling("tenant_ctx.new"));
    Files.delete(pin);
    Files.move(pin.resolveSibling("tenant_ctx.new"), pin);

    // Then
    assertThat(isNews()).isTrue();
  }

  @Test
  void aPinOfProgramsThatGoesIsNews() throws IOException {
    // When
    Files.delete(link);

    // Then
    assertThat(isNews()).isTrue();
  }

  @Test
  void whatATurnHasChangedItselfIsLookedAtOnceMore() throws IOException {
    // Given
    watch.begins();
    Files.delete(pin);
    watch.turned();

    // When, then: nobody knows who did it
    assertThat(isNews()).isTrue();

    // When: the next turn changes nothing
    watch.begins();
    watch.turned();

    // Then: the kernel may tell of it late, and there is nothing to look for
    assertThat(watch.isNews()).isFalse();
  }

  @Test
  void foldersThatATurnMakesAreWatchedFromThenOn() throws IOException {
    // Given
    Path next = Files.createDirectory(programs.resolve("2"));
    await().atMost(LIMIT).until(watch::isNews);
    Path made = Files.createFile(next.resolve("newtask"));
    watch.turned();
    watch.begins();

    // When
    Files.delete(made);

    // Then
    await().atMost(LIMIT).until(watch::isNews);
  }

  @Test
  void aPlaneWithoutPinsHasNoNews() {
    try (PinWatch none = PinWatch.start(Optional.empty(), dirty)) {
      // When
      none.turned();

      // Then
      assertThat(none.isNews()).isFalse();
    }
  }

  /** Fails if nobody was woken in time: the mark is seen before anything is asked. */
  private boolean isNews() {
    long begin = System.nanoTime();
    dirty.await(LIMIT);
    assertThat(System.nanoTime() - begin).as("woken before the end").isLessThan(LIMIT.toNanos());
    return watch.isNews();
  }
}
