package io.taskstorage.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the image, as a file and unpacked. */
class ImageTest {

  private static final long MOST_BYTES = 100_000_000;
  private static final Pattern NEEDED = Pattern.compile("Shared library: \\[([^]]+)]");

  @TempDir private static Path folder = Path.of("");

  @BeforeAll
  static void unpack() throws IOException {
    Image.packaged().unpack(Files.createDirectory(root()), folder.resolve("layers"));
  }

  private static Path root() {
    return folder.resolve("root");
  }

  @Test
  void hundredMegabytesHoldIt() throws IOException {
    assertThat(Files.size(Image.TAR)).isBetween(1L, MOST_BYTES);
  }

  @Test
  void saysWhatItIsAndHowItIsRun() throws IOException {
    // When
    JsonNode config = Image.packaged().config();
    // Then
    assertThat(config.get("os").asText()).isEqualTo("linux");
    assertThat(config.get("architecture").asText())
        .isEqualTo(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
    assertThat(config.get("created").asText()).isEqualTo("2026-01-01T00:00:00Z");
    JsonNode run = config.get("config");
    assertThat(run.get("User").asText()).isEqualTo("65532:65532");
    assertThat(run.get("Entrypoint")).hasToString("[\"/usr/bin/taskstorage\"]");
    assertThat(run.get("Env").toString()).contains("PATH=/usr/bin:/opt/taskstorage/runtime/bin");
    assertThat(run.get("Labels").properties().stream().map(label -> label.getKey()).toList())
        .containsExactlyInAnyOrder(
            "org.opencontainers.image.title",
            "org.opencontainers.image.description",
            "org.opencontainers.image.version",
            "org.opencontainers.image.licenses");
  }

  /** There is nothing to run in it but the JVM: no shell, no package manager. */
  @Test
  void programsAreOursAndTheRuntimes() throws IOException {
    Set<String> programs =
        files()
            .filter(Files::isExecutable)
            .map(file -> root().relativize(file).toString())
            .filter(file -> !file.matches("lib.*/ld-.*"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(programs)
        .containsExactly(
            "opt/taskstorage/runtime/bin/java",
            "opt/taskstorage/runtime/bin/jcmd",
            "opt/taskstorage/runtime/bin/jfr",
            "opt/taskstorage/runtime/lib/jspawnhelper",
            "usr/bin/taskstorage",
            "usr/bin/taskstorage-controller");
  }

  @Test
  void filesBearTheTimeOfTheSourcesAndNothingIsWritableByOthers() throws IOException {
    Path ofJib = root().resolve("app");
    for (Path file : files().toList()) {
      // Jib adds two files that say what to run; nobody reads them.
      String time = file.startsWith(ofJib) ? "1970-01-01T00:00:01Z" : "2026-01-01T00:00:00Z";
      assertThat(Files.getLastModifiedTime(file).toInstant())
          .as(file.toString())
          .isEqualTo(Instant.parse(time));
      assertThat(Files.getPosixFilePermissions(file).toString())
          .as(file.toString())
          .doesNotContain("GROUP_WRITE", "OTHERS_WRITE");
    }
  }

  /** What a library asks of the loader comes from the image: the runtime, or the C library. */
  @Test
  void librariesFindWhatTheyNeed() throws IOException {
    // Given
    Set<String> names = files().map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    List<String> needed = new ArrayList<>();
    // When
    for (Path file : files().filter(f -> f.toString().endsWith(".so")).toList()) {
      String said = Command.of("readelf", "-d", file.toString()).run().stdoutIfDone();
      Matcher matcher = NEEDED.matcher(said);
      while (matcher.find()) {
        needed.add(matcher.group(1));
      }
    }
    // Then
    assertThat(needed).contains("libc.so.6", "libjvm.so");
    assertThat(names).containsAll(needed);
  }

  /** Jars of both programs, each once; and none that the class paths do not name. */
  @Test
  void jarsAreThoseOfTheClassPaths() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String program : List.of("taskstorage", "taskstorage-controller")) {
      List<String> options =
          Files.readAllLines(root().resolve(Image.HOME).resolve(program + ".options"));
      named.addAll(List.of(options.get(options.indexOf("-cp") + 1).split(":")));
    }
    Set<String> there =
        files()
            .filter(ImageTest::isJarOfClassPath)
            .map(file -> "/" + root().relativize(file))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(there).isEqualTo(named).hasSizeGreaterThan(20);
  }

  /** And the annotations that compile and are not shipped. */
  @Test
  void billOfMaterialsNamesTheJars() throws IOException {
    // Given
    JsonNode bill =
        new JsonMapper()
            .readTree(Image.MODULE.resolve("target/task-storage-operator-sbom.json").toFile());
    // When
    Set<String> billed = new TreeSet<>();
    for (JsonNode component : bill.get("components")) {
      billed.add(component.get("name").asText() + "-" + component.get("version").asText() + ".jar");
    }
    // Then
    Set<String> there =
        files()
            .filter(ImageTest::isJarOfClassPath)
            .map(file -> file.getFileName().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(bill.get("bomFormat").asText()).isEqualTo("CycloneDX");
    there.addAll(Set.of("bpf-" + version() + ".jar", "jspecify-1.0.1.jar"));
    assertThat(billed).isEqualTo(there);
  }

  /** The runtime has one for programs that look into it from outside. */
  private static boolean isJarOfClassPath(Path file) {
    return file.toString().endsWith(".jar") && !file.endsWith("jrt-fs.jar");
  }

  private static String version() throws IOException {
    return Image.packaged().config().at("/config/Labels/org.opencontainers.image.version").asText();
  }

  @Test
  void partsAreListedWithTheirSizes() throws IOException {
    // Given
    long bytes = 0;
    for (Path file : files().toList()) {
      bytes += Files.size(file);
    }
    // When
    String said = Command.of(Image.MODULE.resolve("parts").toString()).run().stdoutIfDone();
    // Then
    assertThat(said.lines().map(line -> line.replaceAll("  .*", "")).limit(9))
        .containsExactly(
            "AOT caches",
            "C library",
            "libraries",
            "our jars",
            "runtime: JVM",
            "runtime: modules",
            "runtime: the rest",
            "scripts, options, names",
            "all");
    assertThat(said).containsPattern("(?m)^all .* " + bytes + " bytes$");
    assertThat(said).containsPattern("(?m)^compressed +" + Files.size(Image.TAR) + " bytes$");
  }

  @Test
  void partsOfNoImageAreRefused() {
    String said =
        Command.of(Image.MODULE.resolve("parts").toString(), "/no/such.tar").run().stderr();
    assertThat(said)
        .isEqualTo(
            "list parts of /no/such.tar: no such file: build it:"
                + " mvn -Pquick -DskipTests -pl operator/image -am package\n");
  }

  private static Stream<Path> files() throws IOException {
    try (Stream<Path> below = Files.walk(root())) {
      return below.filter(Files::isRegularFile).toList().stream();
    }
  }
}
