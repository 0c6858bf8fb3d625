package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.console.CommandName;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher says before there is anything to launch: on a copy of it without sources. */
class LauncherTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath();
  private static final List<String> TOOLS =
      List.of("sh", "dirname", "readlink", "find", "head", "flock", "grep", "id", "mktemp", "rm");

  @TempDir Path tree;

  @BeforeEach
  void copy() throws IOException {
    Files.createDirectory(tree.resolve("tools"));
    Files.createDirectory(tree.resolve("bin"));
    for (String file : List.of("taskstorage", "tools/find-jdk", "pom.xml")) {
      Files.copy(ROOT.resolve(file), tree.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    for (String tool : TOOLS) {
      Files.createSymbolicLink(tree.resolve("bin").resolve(tool), installed(tool));
    }
  }

  @Test
  void withoutMavenItSaysWhatToInstall() {
    // When
    Outcome outcome = launch();

    // Then
    assertThat(outcome.stderr())
        .isEqualTo(
            "build taskstorage: mvn is not on the PATH: install Maven 3.8.7 or newer"
                + " (Debian: apt-get install maven)\n");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void whenMavenFailsItsErrorsAreShownAndNothingElse() throws IOException {
    // Given
    Path maven = tree.resolve("bin").resolve("mvn");
    Files.writeString(
        maven, "#!/bin/sh\necho '[INFO] noise'\necho '[ERROR] no such thing'\nexit 1\n");
    assertThat(maven.toFile().setExecutable(true)).isTrue();

    // When
    Outcome outcome = launch();

    // Then
    assertThat(outcome.stderr())
        .isEqualTo(
            """
            building taskstorage (once; again when a source changes) ...
            [ERROR] no such thing
            build taskstorage: Maven failed: the lines above say why; all of it: \
            cd %s && mvn -Pquick -DskipTests package
            """
                .formatted(tree.toRealPath()));
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  @KernelTest(needs = KernelTest.Need.BPFFS)
  void withoutJdkItSaysWhereItLookedAndHowToGetOne() {
    // Given
    String hideJdks =
        "mount -t tmpfs none /usr/lib/jvm && HOME=/nowhere exec " + tree.resolve("taskstorage");

    // When
    Outcome outcome =
        Command.of("unshare", "--mount", "sh", "-c", hideJdks)
            .withoutEnvironment("JAVA_HOME")
            .withoutEnvironment("JAVA25_HOME")
            .withoutEnvironment("JDK_HOME")
            .run();

    // Then
    assertThat(outcome.stderr())
        .startsWith("find jdk: no JDK 25 found: looked at JAVA25_HOME, JAVA_HOME")
        .contains("/usr/lib/jvm/*")
        .endsWith("or set JAVA_HOME to it\n");
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void everyCommandIsStartedInTheProgramThatHasIt() throws IOException {
    // Given
    String ofManifests = names(CommandName.Home.MANIFESTS);
    String ofCluster = names(CommandName.Home.CLUSTER);
    String ofEither = names(CommandName.Home.EITHER);

    // When
    String launcher = Files.readString(ROOT.resolve("taskstorage"));

    // Then
    assertThat(launcher)
        .contains("  " + ofManifests + ")", "  " + ofCluster + ")", "  " + ofEither + ")");
  }

  private static String names(CommandName.Home home) {
    return Arrays.stream(CommandName.values())
        .filter(name -> name.home() == home)
        .map(CommandName::toString)
        .collect(Collectors.joining(" | "));
  }

  private Outcome launch() {
    return Command.of(tree.resolve("taskstorage").toString(), "version")
        .environment("JAVA_HOME", System.getProperty("java.home", ""))
        .environment("PATH", tree.resolve("bin").toString())
        .run();
  }

  private static Path installed(String tool) {
    return Stream.of("/usr/bin", "/bin")
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
