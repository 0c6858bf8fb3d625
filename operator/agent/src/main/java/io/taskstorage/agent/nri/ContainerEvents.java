package io.taskstorage.agent.nri;

import io.taskstorage.agent.observe.ContainerNames;
import java.nio.file.Path;
import java.util.Optional;

/** What the container runtime tells, for the loop to observe, until it is closed. */
public final class ContainerEvents implements AutoCloseable {
  /** Where runtimes listen unless they are told otherwise. */
  public static final String SOCKET = "/var/run/nri/nri.sock";

  private final KnownContainers known;
  private final StartGate gate;
  private final Optional<NriPlugin> plugin;

  /** How the loop is woken, on any thread. */
  public interface Waking {
    /** There is something to observe. */
    void mark();

    /** A container's start waits for a turn. */
    void hurry();
  }

  private ContainerEvents(
      Optional<Path> socket, boolean areProgramsThere, Waking waking, NriCounts counts) {
    this.known = new KnownContainers(waking::mark);
    this.gate = new StartGate(areProgramsThere, waking::hurry);
    this.plugin = socket.map(path -> NriPlugin.start(path, known, gate, counts));
  }

  /**
   * Hears of containers from now on.
   *
   * @param socket where the runtime listens, now or later; empty = nobody is heard
   * @param areProgramsThere tasks that are born have what rows say
   * @param counts told of everything, on the thread that hears it
   */
  public static ContainerEvents of(
      Optional<Path> socket, boolean areProgramsThere, Waking waking, NriCounts counts) {
    return new ContainerEvents(socket, areProgramsThere, waking, counts);
  }

  /** The names as they are known now; the same instance as before while nothing has changed. */
  public ContainerNames names() {
    return known.names();
  }

  /** Where starts wait. */
  public StartGate gate() {
    return gate;
  }

  /** How it stands with the runtime. Any thread. */
  public NriState state() {
    return plugin.map(NriPlugin::state).orElseGet(NriState.Off::new);
  }

  /** Lets every start go on, and returns when nobody is heard any more. */
  @Override
  public void close() {
    gate.close();
    plugin.ifPresent(NriPlugin::close);
  }
}
