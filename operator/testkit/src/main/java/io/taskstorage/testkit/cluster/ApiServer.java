package io.taskstorage.testkit.cluster;

import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A control plane without nodes: pods stay pending, everything else is as in any cluster. A Node
 * that a test makes is as Ready as it was told to be: nobody misses its kubelet. Any thread may
 * call.
 */
public final class ApiServer implements AutoCloseable {
  /** The version that tests run against unless they ask for another. */
  public static final String DEFAULT_VERSION = "1.36";

  /** What building everything may take at most, on a machine with much else to do. */
  private static final Duration COLD_BUILD = Duration.ofMinutes(60);

  private final String name;
  private final String version;
  private final Path kubeconfig;
  private final String path;
  private final String kubectlCache;
  private final AtomicInteger namespaces = new AtomicInteger();

  private ApiServer(
      String name, String version, Path kubeconfig, String path, String kubectlCache) {
    this.name = name;
    this.version = version;
    this.kubeconfig = kubeconfig;
    this.path = path;
    this.kubectlCache = kubectlCache;
  }

  /**
   * Starts one of this Kubernetes minor version, and builds it before if need be. It ends with
   * {@link #close}, or when this JVM has ended.
   */
  public static ApiServer start(String version) {
    return start(version, "test-" + version.replace('.', '-'));
  }

  /**
   * Starts one for a test that does to it what no other test would stand; the test closes it.
   *
   * @param purpose a word that no other such test of this JVM has
   */
  public static ApiServer startAnother(String purpose) {
    return start(DEFAULT_VERSION, "test-" + purpose);
  }

  private static ApiServer start(String version, String prefix) {
    long pid = ProcessHandle.current().pid();
    String name = prefix + "-" + pid;
    program(
            "up",
            "--name",
            name,
            "--kubernetes",
            version,
            "--silent-nodes",
            "--while-pid",
            Long.toString(pid))
        .stdoutIfDone();
    return of(name, version, program("env", "--name", name).stdoutIfDone());
  }

  /** The one of a cluster that runs, by what {@code env} prints of it. */
  static ApiServer of(String name, String version, String exports) {
    return new ApiServer(
        name,
        version,
        Path.of(exported(exports, "KUBECONFIG")),
        exported(exports, "PATH") + ":" + System.getenv("PATH"),
        exported(exports, "KUBECACHEDIR"));
  }

  /** Kubernetes minor version, such as {@code 1.36}. */
  public String version() {
    return version;
  }

  /** The administrator's. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The process that answers, for the test that started this one for itself. */
  public Part process() {
    return new Part(name, "apiserver", List.of());
  }

  /** The process that stores, for the same test. */
  public Part store() {
    return new Part(name, "etcd", List.of());
  }

  /** Ends both, the one that answers at once; what is stored stays. */
  public void stop() {
    process().kill();
    store().stop();
  }

  /** Starts both again. */
  public void restart() {
    store().start();
    process().start();
  }

  /** Copies what is stored into a new folder, while nothing runs. */
  public void saveStore(Path folder) {
    copy(storeFolder(), folder);
  }

  /** Puts back what {@link #saveStore} copied, in place of what is stored; while nothing runs. */
  public void restoreStore(Path folder) {
    Command.of("rm", "-r", storeFolder().toString()).run().stdoutIfDone();
    copy(folder, storeFolder());
  }

  private Path storeFolder() {
    return kubeconfig.resolveSibling("etcd");
  }

  private static void copy(Path from, Path to) {
    Command.of("cp", "-a", from.toString(), to.toString()).run().stdoutIfDone();
  }

  /** Runs kubectl as the administrator. */
  public Outcome kubectl(String... arguments) {
    return command(arguments).run();
  }

  /** Runs kubectl with an input, for {@code -f -}. */
  public Outcome kubectlWithInput(String input, String... arguments) {
    return command(arguments).input(input).run();
  }

  /** kubectl with these arguments, for tests that start it themselves. */
  public Command command(String... arguments) {
    return command(path, arguments);
  }

  /** The same with a folder in which kubectl looks for plugins first. */
  public Command commandWithPlugins(Path plugins, String... arguments) {
    return command(plugins + ":" + path, arguments);
  }

  private Command command(String path, String... arguments) {
    List<String> words = new ArrayList<>(List.of("kubectl"));
    words.addAll(List.of(arguments));
    // Through env(1), for a program is looked up on this JVM's PATH and not on the new one.
    return Command.of(words)
        .prefixed("env", "PATH=" + path, "KUBECONFIG=" + kubeconfig)
        .environment("KUBECACHEDIR", kubectlCache)
        // What the user prefers is not what is tested.
        .environment("KUBERC", "off")
        .environment("LC_ALL", "C.UTF-8");
  }

  /**
   * Applies a folder of manifests on the server side: its kustomization if it has one, else every
   * file in it. Fails with what kubectl said.
   */
  public void apply(Path folder) {
    String how = Files.exists(folder.resolve("kustomization.yaml")) ? "-k" : "-f";
    kubectl("apply", "--server-side", how, folder.toString()).stdoutIfDone();
  }

  /** A namespace that no other test has; its name begins with {@code prefix}. */
  public String createNamespace(String prefix) {
    String namespace = prefix.toLowerCase(Locale.ROOT) + "-" + namespaces.incrementAndGet();
    kubectl("create", "namespace", namespace).stdoutIfDone();
    return namespace;
  }

  /** Ends it and removes everything of it. */
  @Override
  public void close() {
    program("down", "--name", name).stdoutIfDone();
  }

  /** The one that the tests of this JVM share, for extensions that prepare it further. */
  public static ApiServer shared(ExtensionContext context) {
    return ApiServerExtension.shared(context);
  }

  static Outcome program(String... arguments) {
    return tool("e2e/cluster/cluster", arguments);
  }

  static Outcome tool(String pathFromRoot, String... arguments) {
    Path root = Path.of(System.getProperty("root.dir", "."));
    Command command = Command.of(root.resolve(pathFromRoot).toString());
    try (Child child = command.arguments(arguments).start()) {
      return child.awaitExit(COLD_BUILD);
    }
  }

  /** The value in {@code export NAME='VALUE'}, up to its closing quote. */
  static String exported(String exports, String variable) {
    String begin = "export " + variable + "='";
    return exports
        .lines()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length(), line.indexOf('\'', begin.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + variable + " in: " + exports));
  }
}
