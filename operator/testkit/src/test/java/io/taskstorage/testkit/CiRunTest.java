package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CI entry, over a repository whose build is a script of the test's. */
class CiRunTest {
  private static final Path ROOT =
      Path.of(System.getProperty("root.dir", "../..")).toAbsolutePath().normalize();
  private static final String PASSES =
      """
      mkdir -p operator/a/target/surefire-reports
      echo "<testsuite><testcase classname='ATest' name='passes'/></testsuite>" \\
        >operator/a/target/surefire-reports/TEST-A.xml
      """;

  @TempDir Path folder;

  @Test
  void lastLineIsTheSumAndNothingIsLeft() throws IOException {
    // When
    Outcome outcome = ci(PASSES + "echo \"build: $* CI=$CI input=$(cat)\"\n").run();

    // Then
    assertThat(outcome.stdout())
        .startsWith("build: -B verify CI=true input=\n")
        .endsWith(
            """
            ci: nothing left behind: no process, mount, pin, cgroup, cluster, temporary folder or BPF object
            1 passed, 0 failed
            """);
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void failedBuildFailsEvenIfItsTestsPassed() throws IOException {
    // When
    Outcome outcome = ci(PASSES + "exit 3\n").run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .startsWith("ci: mvn -B verify ended with exit code 3\n")
        .endsWith("1 passed, 0 failed\n");
  }

  @Test
  void reportsOfAnEarlierRunDoNotCount() throws IOException {
    // Given
    Command ci = ci("true\n");
    Path reports = Files.createDirectories(folder.resolve("operator/b/target/surefire-reports"));
    Files.writeString(
        reports.resolve("TEST-B.xml"),
        "<testsuite><testcase classname='BTest' name='old'/></testsuite>");

    // When
    Outcome outcome = ci.run();

    // Then: a build without tests proves nothing
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).endsWith("0 passed, 0 failed\n");
  }

  @Test
  void processAndFolderThatStayAreNamedAndTheProcessIsEnded() throws IOException {
    // When
    Outcome outcome =
        ci(PASSES
                + "setsid sleep 1000 >/dev/null 2>&1 &\nmkdir \"$TMPDIR/taskstorage-test-1-1\"\n"
                + "mkdir -p \"$XDG_STATE_HOME/taskstorage/clusters/test-1\"\n")
            .environment("CI_WIND_DOWN_SECONDS", "1")
            .run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .contains("ci: left behind on this machine:\n")
        .contains("  folder " + folder.resolve("tmp/taskstorage-test-1-1") + "\n")
        .contains("  cluster " + folder.resolve("state/taskstorage/clusters/test-1") + "\n")
        .endsWith("1 passed, 0 failed\n");
    Matcher process = Pattern.compile("  process (\\d+) sleep 1000").matcher(outcome.stdout());
    assertThat(process.find()).isTrue();
    Awaitility.await("the end of process " + process.group(1))
        .pollInSameThread()
        .atMost(Limits.GENEROUS)
        .until(() -> ProcessHandle.of(Long.parseLong(process.group(1))).isEmpty());
  }

  @Test
  void programThatOnlyRanIsNotLeftAndOneThatCameIs() throws IOException {
    // Given a program of somebody else's, whose runs the kernel counts from the build on
    Command ci = ci(PASSES + "touch \"$TMPDIR/built\"\n");
    executable(
        "bpftool",
        """
        #!/bin/sh
        [ "$1" = prog ] || exit 0
        [ -e "$TMPDIR/built" ] || exec echo "7: tracing  name newtask  tag 57986e857372c01f  gpl"
        echo "7: tracing  name newtask  tag 57986e857372c01f  gpl run_time_ns 98788 run_cnt 280"
        echo "8: tracing  name wakeup  tag cb24cac4d51246d3  gpl run_time_ns 61132 run_cnt 280"
        """);

    // When
    Outcome outcome = ci.environment("CI_WIND_DOWN_SECONDS", "1").run();

    // Then
    assertThat(outcome.stdout())
        .contains("  prog 8: tracing  name wakeup  tag cb24cac4d51246d3  gpl\n")
        .doesNotContain("prog 7");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void buildThatTakesTooLongIsStoppedAndSummed() throws IOException {
    // When
    Outcome outcome =
        ci(PASSES + "exec sleep 1000\n").environment("CI_LIMIT_MINUTES", "0.02").run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .startsWith("ci: mvn -B verify did not end within 0.02 minutes and was stopped\n")
        .endsWith("1 passed, 0 failed\n");
  }

  /** The CI entry and the tools in a folder of their own, with {@code build} in Maven's place. */
  private Command ci(String build) throws IOException {
    for (String file :
        List.of(
            ".ci/run",
            "tools/find-jdk",
            "tools/test-packages",
            "tools/debian-packages.txt",
            "tools/test-summary",
            "tools/TestSummary.java")) {
      Path copy = folder.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(ROOT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path mvn = executable("mvn", "#!/bin/sh\n" + build);
    Files.createDirectory(folder.resolve("tmp"));
    return Command.of(folder.resolve(".ci/run").toString())
        // Without bpftool: other test runs on this machine make and free maps all the time.
        .environment("PATH", mvn.getParent() + ":/usr/bin:/bin")
        .environment("XDG_STATE_HOME", folder.resolve("state").toString())
        .environment("TMPDIR", folder.resolve("tmp").toString());
  }

  private Path executable(String name, String script) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
