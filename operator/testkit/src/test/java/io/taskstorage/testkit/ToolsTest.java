package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell tools of the build, each in the situation that it is there for. */
class ToolsTest {
  private static final Path TOOLS =
      Path.of(System.getProperty("root.dir", "../.."), "tools").toAbsolutePath().normalize();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--check", ""})
  void findJdkSaysInOneMessageThatThereIsNone(String argument) {
    // When
    Outcome outcome = findJdk("").arguments(argument).run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr())
        .startsWith(
            "find jdk: no JDK 25 found: looked at JAVA25_HOME, JAVA_HOME, JDK_HOME, /usr/lib")
        .contains("install one (package temurin-25-jdk of the Eclipse Adoptium project")
        .endsWith("or set JAVA_HOME to it\n");
  }

  @Test
  void findJdkSkipsOtherVersionsAndHalfInstalledOnes() throws IOException {
    // Given
    jdk("jdk 17", "17.0.9");
    jdk("jdk-250", "250");
    Files.delete(jdk("jdk-25-jre", "25.0.1").resolve("bin/javac"));
    Path wanted = jdk("jdk-25 with space", "25.0.1");

    // When
    Outcome outcome = findJdk(folder + "/*").run();

    // Then
    assertThat(outcome.stdoutIfDone()).isEqualTo(wanted + "\n");
    assertThat(findJdk(folder + "/*").arguments("--check").run().stdoutIfDone()).isEmpty();
  }

  @Test
  void findJdkTakesWhatTheEnvironmentNamesFirst() throws IOException {
    // Given
    jdk("a", "25");
    Path named = jdk("b", "25-ea");

    // When
    Outcome outcome = findJdk(folder + "/*").environment("JAVA_HOME", named.toString()).run();

    // Then
    assertThat(outcome.stdoutIfDone()).isEqualTo(named + "\n");
  }

  @Test
  void testPackagesNeedsNothingWhereAllAreInstalled() throws IOException {
    // Given
    Path tool = testPackages("# the shell itself\ndash\n");

    // When
    Outcome outcome = Command.of(tool.toString()).run();

    // Then
    assertThat(outcome.stdoutIfDone()).isEmpty();
    assertThat(outcome.stderr()).isEmpty();
  }

  @Test
  void testPackagesTellsAnOrdinaryUserTheOneCommand() throws IOException {
    // Given
    Path tool = testPackages("dash\nno-such-package-1 # why\nno-such-package-2\n");

    // When
    Outcome outcome = asOrdinaryUser(tool).run();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stderr())
        .isEqualTo(
            "test packages: no-such-package-1 no-such-package-2: not installed:"
                + " run: sudo apt-get install --yes no-such-package-1 no-such-package-2\n");
  }

  @Test
  void testPackagesDoesNotStandInTheWayElsewhere() throws IOException {
    // Given: a machine without dpkg-query
    Path tool = testPackages("gcc\nbpftool\n");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("dirname", "sed")) {
      Files.createSymbolicLink(bin.resolve(program), Path.of("/usr/bin", program));
    }

    // When
    Outcome outcome =
        Command.of("/bin/sh", tool.toString()).environment("PATH", bin.toString()).run();

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.stderr())
        .isEqualTo(
            "test packages: this is no Debian: the tests need what Debian calls gcc bpftool\n");
  }

  @Test
  void summaryCountsEveryTestOnceAndNamesTheFailed() throws IOException {
    // Given
    report(
        "one",
        "<testcase classname='a.OneTest' name='passes'/>"
            + "<testcase classname='a.OneTest' name='fails'>"
            + "<failure message='expected 1&#10;but was 2' type='x'>text</failure></testcase>"
            + "<testcase classname='a.OneTest' name='breaks'><error type='java.lang.Error'>"
            + "<![CDATA[<testcase name='no test'/>]]></error></testcase>");
    report(
        "two",
        "<testcase classname='b.TwoTest'"
            + " name='passes'><system-out>said</system-out></testcase><testcase"
            + " classname='b.TwoTest' name='cannot'><skipped message='no root'/></testcase>");

    // When
    Outcome outcome = summary();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout())
        .isEqualTo(
            """
            FAILED a.OneTest.fails
              expected 1
              but was 2
            FAILED a.OneTest.breaks
              java.lang.Error
            SKIPPED b.TwoTest.cannot
              no root
            2 passed, 2 failed, 1 skipped
            """);
  }

  @Test
  void summaryOfPassedTestsIsOneLine() throws IOException {
    // Given
    report("one", "<testcase classname='a.OneTest' name='passes'/>");

    // Then
    assertThat(summary().stdoutIfDone()).isEqualTo("1 passed, 0 failed\n");
  }

  @Test
  void summaryOfNoTestsFails() {
    assertThat(summary().exitCode()).isEqualTo(1);
    assertThat(summary().stdout()).isEqualTo("0 passed, 0 failed\n");
  }

  @Test
  void summaryOfACutReportFails() throws IOException {
    // Given
    Path report = report("one", "<testcase classname='a.OneTest' name='passes'/>");
    Files.writeString(report, Files.readString(report).replace("</testsuite>", ""));

    // When
    Outcome outcome = summary();

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.stdout()).contains("FAILED " + report + "\n  broken report: ");
    assertThat(outcome.stdout()).endsWith("1 passed, 1 failed\n");
  }

  private Command findJdk(String places) {
    return Command.of(TOOLS.resolve("find-jdk").toString())
        .environment("HOME", folder.resolve("empty").toString())
        .environment("FIND_JDK_PLACES", places)
        .withoutEnvironment("JAVA25_HOME")
        .withoutEnvironment("JAVA_HOME")
        .withoutEnvironment("JDK_HOME");
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectory(folder.resolve(name));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Path javac = Files.createDirectory(home.resolve("bin")).resolve("javac");
    assertThat(Files.createFile(javac).toFile().setExecutable(true)).isTrue();
    return home;
  }

  /** The tool reads the list beside itself: here one of the test's own. */
  private Path testPackages(String list) throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Files.writeString(tools.resolve("debian-packages.txt"), list);
    Files.copy(
        TOOLS.resolve("test-packages"),
        tools.resolve("test-packages"),
        StandardCopyOption.COPY_ATTRIBUTES);
    return tools.resolve("test-packages");
  }

  private Command asOrdinaryUser(Path tool) throws IOException {
    if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
      return Command.of(tool.toString());
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Command.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        .arguments(tool.toString());
  }

  private Path report(String module, String testcases) throws IOException {
    Path reports = folder.resolve(module).resolve("target/surefire-reports");
    Files.createDirectories(reports);
    return Files.writeString(
        reports.resolve("TEST-" + module + ".xml"),
        "<?xml version='1.0' encoding='UTF-8'?>\n<testsuite name='x' tests='99'>"
            + testcases
            + "</testsuite>\n");
  }

  private Outcome summary() {
    return Command.of(TOOLS.resolve("test-summary").toString(), folder.toString()).run();
  }
}
