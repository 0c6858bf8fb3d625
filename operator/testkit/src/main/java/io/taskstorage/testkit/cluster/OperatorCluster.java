package io.taskstorage.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A control plane with the operator: its controller, and an agent for each host, which is a part of
 * this machine that plays a Node. There are two hosts, 1 and 2; tests may add others, and take them
 * away again.
 *
 * <p>A pod gets onto a host by its {@code spec.nodeName}; nobody runs it: the test makes its cgroup
 * and puts tasks in. A deleted pod goes once its cgroup is gone. Any thread may call.
 */
public final class OperatorCluster implements AutoCloseable {
  private static final int HOSTS = 2;

  private final String name;
  private final ApiServer server;

  private OperatorCluster(String name, ApiServer server) {
    this.name = name;
    this.server = server;
  }

  /**
   * Starts one, and builds what it needs before if need be. It ends with {@link #close}, or when
   * this JVM has ended.
   */
  public static OperatorCluster start() {
    long pid = ProcessHandle.current().pid();
    String name = "test-operator-" + pid;
    ApiServer.program(
            "up",
            "--name",
            name,
            "--agents",
            Integer.toString(HOSTS),
            "--while-pid",
            Long.toString(pid))
        .stdoutIfDone();
    return new OperatorCluster(name, ApiServer.of(name, ApiServer.DEFAULT_VERSION, env(name)));
  }

  /** Its API server, where kubectl works as the administrator. */
  public ApiServer server() {
    return server;
  }

  /** The hosts that every test finds. */
  public List<Host> hosts() {
    return List.of(host(1), host(2));
  }

  /** A host that is there. */
  public Host host(int number) {
    return host(number, "host-" + number);
  }

  /** Starts the agent of a new host, or of one whose Node has another name from now on. */
  public Host startHost(int number, String node) {
    agent(number).run("start", "--node", node);
    return host(number, node);
  }

  /** The process of the controller. */
  public Part controller() {
    return new Part(name, "controller", List.of());
  }

  /** The process of the API server. */
  public Part apiServer() {
    return new Part(name, "apiserver", List.of());
  }

  /** Where controller and agents serve, by the names of their processes: {@code agent-1}. */
  public SortedMap<String, URI> addresses() {
    SortedMap<String, URI> addresses = new TreeMap<>();
    String line = "(?m)^%s +(controller|agent-\\d+) .* (http://\\S+)$".formatted(name);
    Pattern.compile(line)
        .matcher(ApiServer.program("status").stdoutIfDone())
        .results()
        .forEach(found -> addresses.put(found.group(1), URI.create(found.group(2))));
    return addresses;
  }

  /** Where controller and agents tell their state for debugging, by the same names. */
  public SortedMap<String, URI> debugAddresses() {
    String all = ApiServer.program("status", "-o", "json").stdoutIfDone();
    String begin = "\"name\": \"%s\"".formatted(name);
    String from = all.substring(all.indexOf(begin) + begin.length());
    int next = from.indexOf("\"name\": ");
    SortedMap<String, URI> addresses = new TreeMap<>();
    Pattern.compile("\"program\": \"([-\\w]+)\"[^{}]*\"debugPort\": (\\d+)")
        .matcher(next < 0 ? from : from.substring(0, next))
        .results()
        .forEach(
            found ->
                addresses.put(found.group(1), URI.create("http://127.0.0.1:" + found.group(2))));
    return addresses;
  }

  /** What controller and agents have logged, by the same names. */
  public SortedMap<String, String> logs() {
    Path folder = server.kubeconfig().resolveSibling("logs");
    SortedMap<String, String> logs = new TreeMap<>();
    for (String process : addresses().keySet()) {
      try {
        logs.put(process, Files.readString(folder.resolve(process + ".log")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return logs;
  }

  private Part agent(int number) {
    return new Part(name, "agent", List.of("--host", Integer.toString(number)));
  }

  private Host host(int number, String node) {
    String exports = env(name);
    String prefix = "HOST_" + number + "_";
    return new Host(
        node,
        Path.of(ApiServer.exported(exports, prefix + "CGROUPS")),
        Path.of(ApiServer.exported(exports, prefix + "PINS")),
        agent(number));
  }

  private static String env(String name) {
    return ApiServer.program("env", "--name", name).stdoutIfDone();
  }

  /** Ends it and removes everything of it. */
  @Override
  public void close() {
    server.close();
  }
}
