package io.taskstorage.agent.command;

import io.taskstorage.layout.Decoder;
import io.taskstorage.taskstore.CgroupTree;
import io.taskstorage.taskstore.Entry;
import io.taskstorage.taskstore.MapName;
import io.taskstorage.taskstore.PinTree;
import io.taskstorage.taskstore.RecordedMap;
import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Command;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The command {@code run} as users start it, in a JVM of its own, on a bpffs and in cgroups of the
 * test; and what the kernel holds afterwards.
 */
final class Runs {
  /** The map of most tests; {@code hits} belongs to BPF programs. */
  static final String MAP =
      """
      apiVersion: taskstorage.io/v1alpha1
      kind: TaskStorageMap
      metadata: {name: tenant-ctx}
      spec:
        bpfName: tenant_ctx
        value:
          typeName: tenant_ctx
          fields:
          - {name: tenant_id, type: U64}
          - {name: hits, type: U64, owner: Program}
          - {name: app, type: Char, length: 16}
      """;

  private static final String MAIN = "io.taskstorage.agent.command.TaskStorageCommand";

  static final MapName NAME = new MapName("tenant-ctx");

  private final Path folder;
  private final Path bpffs;
  private final Path cgroupRoot;

  Runs(Path folder, Path bpffs, Path cgroupRoot) {
    this.folder = folder;
    this.bpffs = bpffs;
    this.cgroupRoot = cgroupRoot;
  }

  /** A policy for the tasks of a cgroup. */
  static String policy(String name, int priority, String cgroupPath, long tenant) {
    return """
    apiVersion: taskstorage.io/v1alpha1
    kind: ClusterTaskStoragePolicy
    metadata: {name: %s}
    spec:
      targetRefs: [{group: taskstorage.io, kind: TaskStorageMap, name: tenant-ctx}]
      tier: Admin
      priority: %d
      subject: {hostProcesses: {cgroupPaths: ["%s"]}}
      values:
      - {field: tenant_id, value: "%d"}
      - {field: app, value: web}
    """
        .formatted(name, priority, cgroupPath, tenant);
  }

  /** Writes a manifest file as an editor does: beside it, then renamed. */
  void write(String name, String... documents) {
    try {
      Path beside = Files.createTempFile(folder.toAbsolutePath().getParent(), "manifest", null);
      Files.writeString(beside, String.join("---\n", documents));
      Files.move(beside, folder.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code run} on the folder, with a short interval. */
  Child start(String... more) {
    return command(more).start();
  }

  /** The same, not started yet. */
  Command command(String... more) {
    return jvm(more).command().withoutEnvironment("TASKSTORAGE_DEBUG");
  }

  /** Its JVM, which can have options of its own. */
  ChildJvm jvm(String... more) {
    return ChildJvm.of(MAIN).options("-Xmx96m").arguments(arguments(more).toArray(String[]::new));
  }

  /**
   * The same from jars, as it is installed: from a jar that is open a class is loaded without
   * another descriptor.
   */
  Command fromJars(Path jars, String... more) {
    List<String> classPath = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(part);
      classPath.add(
          Files.isDirectory(path)
              ? jar(path, jars.resolve(classPath.size() + ".jar")).toString()
              : part);
    }
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    words.add("--enable-native-access=ALL-UNNAMED");
    words.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), MAIN));
    words.addAll(arguments(more));
    return Command.of(words);
  }

  private List<String> arguments(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("run", folder.toString()));
    if (!List.of(more).contains("--interval")) {
      arguments.addAll(List.of("--interval", "100ms"));
    }
    arguments.addAll(List.of("--bpffs", bpffs.toString()));
    arguments.addAll(List.of("--cgroup-root", cgroupRoot.toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static Path jar(Path classes, Path jar) {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PinTree tree() {
    return new PinTree(bpffs);
  }

  /** The map, which must be recorded. */
  RecordedMap map() {
    return Records.find(tree(), NAME).orElseThrow();
  }

  /** The kernel's id of the map. */
  int mapId() {
    return Records.mapId(map());
  }

  /** Every entry as {@code tenant_id app hits}, by tid. */
  Map<Integer, String> values() {
    RecordedMap map = map();
    Map<Integer, String> values = new TreeMap<>();
    for (Entry entry : Records.entries(map, CgroupTree.open(cgroupRoot))) {
      Map<String, String> fields = Decoder.display(map.layout(), entry.value().toBytes());
      values.put(
          entry.tid(),
          "%s %s %s".formatted(fields.get("tenant_id"), fields.get("app"), fields.get("hits")));
    }
    return values;
  }

  /** What is left in bpffs of ours. */
  List<String> left() {
    try (var entries = Files.list(bpffs)) {
      return entries
          .map(each -> String.valueOf(each.getFileName()))
          .filter(name -> name.startsWith("taskstorage"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
