package io.taskstorage.controller.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.api.v1alpha1.TaskStorageNodeState;
import io.taskstorage.controller.cluster.Leadership;
import io.taskstorage.controller.watch.OpenWatches;
import io.taskstorage.controller.watch.PodPlaces;
import io.taskstorage.controller.watch.StoreAge;
import io.taskstorage.controller.watch.Watches;
import io.taskstorage.telemetry.Readiness;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller of one cluster, from its start to its end. A second one stands by, its watches
 * warm, until the first one ends.
 */
public final class Controller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final int THREADS = 4;

  /** Changes of so long are looked at together. */
  private static final long GATHER_MILLIS = 100;

  /** Why a controller cannot go on, and a new one must. */
  public enum Loss {
    /** The Lease could not be renewed: another process may have begun to write. */
    LEASE,
    /** The server's store was put back: what was seen last never happened. */
    STORE
  }

  private final Watches watches;
  private final PodPlaces places;
  private final ReportRate rate;
  private final ControllerMetrics metrics;
  private final NodeLooks looks;
  private final Leadership leadership;
  private final StoreAge age;
  private final boolean elects;
  private final Operator operator;
  private final MapReconciler maps;
  private final ClusterPolicyReconciler clusterPolicies;
  private final PolicyReconciler policies;
  private final InstantSource clock;

  /** When all were last looked at; of the gathering thread. */
  private Instant looked = Instant.EPOCH;

  private final AtomicBoolean changed = new AtomicBoolean();
  private final AtomicBoolean writing = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Loss> lost = new CompletableFuture<>();

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          1,
          TimeUnit.MINUTES,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("reconcile-", 0).factory());

  private final ScheduledExecutorService gathering =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("gather").factory());

  /**
   * What it is to do beside its statuses.
   *
   * @param elects whether to write only while holding the Lease
   * @param startupTaint whether to take the start-up taint from nodes whose agent has acted
   */
  public record Options(boolean elects, boolean startupTaint) {}

  /**
   * A controller that does nothing before {@link #start}.
   *
   * @param client answers as {@link io.taskstorage.controller.cluster.ClusterAccess} reads them;
   *     stays the caller's
   * @param open which of the client's watches the server has open
   * @param namespace of agents' pods and of the Lease
   * @param identity of this process among controllers
   */
  public Controller(
      KubernetesClient client,
      OpenWatches open,
      String namespace,
      String identity,
      Options options,
      PrometheusRegistry registry,
      InstantSource clock) {
    this.elects = options.elects();
    this.clock = clock;
    this.rate = new ReportRate(clock);
    this.metrics = new ControllerMetrics(registry, clock);
    this.watches = new Watches(client, open, namespace, new Changes());
    this.places = new PodPlaces(client);
    List<NodeLooks.Duty> duties = new ArrayList<>();
    duties.add(new NodeStateKeeper(client, watches, metrics));
    if (options.startupTaint()) {
      duties.add(new StartupTaintKeeper(client, watches, metrics));
    }
    this.looks = new NodeLooks(watches, duties);
    this.leadership =
        new Leadership(client, namespace, identity, this::begin, () -> lose(Loss.LEASE));
    this.age = StoreAge.of(watches, () -> lose(Loss.STORE));
    StatusDesk.Tools tools =
        new StatusDesk.Tools(
            watches,
            places,
            new StatusWriter(client),
            new EventWriter(client, identity),
            rate,
            metrics,
            clock);
    this.maps = new MapReconciler(tools);
    this.clusterPolicies = new ClusterPolicyReconciler(tools);
    this.policies = new PolicyReconciler(tools);
    this.operator =
        Operators.of(client, threads, closed::get, List.of(maps, clusterPolicies, policies));
    metrics.observe(registry, watches, writing::get, () -> threads.getQueue().size());
  }

  /** Called by the informers' threads. */
  private final class Changes implements Watches.Listener {
    @Override
    public void seen(String kind, boolean isChange) {
      metrics.watched(kind);
      if (isChange) {
        if (kind.equals(TaskStorageNodeState.KIND)) {
          rate.count();
        }
        changed.set(true);
      }
    }

    @Override
    public void node(String name) {
      looks.look(name);
    }

    @Override
    public void failed(String kind, Throwable why) {
      metrics.watchFailed(kind);
      LOG.atWarn()
          .addKeyValue("kind", kind)
          .addKeyValue("detail", reason(why))
          .log("watch failed and is tried again");
    }
  }

  private static String reason(Throwable why) {
    Throwable cause = why;
    while (!(cause instanceof KubernetesClientException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
  }

  /** Watches, and stands for election; writes when it leads and has seen everything once. */
  public void start() {
    age.start();
    watches.start();
    if (elects) {
      leadership.start();
    } else {
      var _ = gathering.submit(this::begin);
    }
  }

  private void begin() {
    try {
      while (!watches.unsynced().isEmpty() && !closed.get()) {
        TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    synchronized (this) {
      if (closed.get()) {
        return;
      }
      operator.start();
      looks.start();
      writing.set(true);
      var _ =
          gathering.scheduleWithFixedDelay(
              this::lookAgain, GATHER_MILLIS, GATHER_MILLIS, TimeUnit.MILLISECONDS);
      LOG.info("writing");
    }
  }

  /** While reports pour in, each look finds a few more of them, and costs a count of all nodes. */
  private void lookAgain() {
    Instant now = clock.instant();
    if (!Pace.mayLook(looked, rate.isBusy(), now)) {
      return;
    }
    if (changed.getAndSet(false)) {
      looked = now;
      maps.lookAgain(watches.maps());
      clusterPolicies.lookAgain(watches.clusterPolicies());
      policies.lookAgain(watches.policies());
      Set<String> namespaces =
          watches.policies().stream()
              .map(policy -> policy.getMetadata().getNamespace())
              .collect(Collectors.toSet());
      places.keepOnly(namespaces::contains);
    }
  }

  /** Writes nothing more; what waits for the loss learns why. */
  private void lose(Loss why) {
    if (lost.complete(why)) {
      Thread.ofPlatform().name("end").start(this::close);
    }
  }

  /** Waits until this one cannot go on: its process must end then. */
  public Loss awaitLost() throws InterruptedException {
    try {
      return lost.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether statuses are kept, or could be at once if the one that leads ended. */
  public Readiness readiness() {
    List<String> missing = new ArrayList<>();
    watches.unsynced().forEach(kind -> missing.add("list of " + kind + " is not complete yet"));
    List<String> details =
        writing.get() ? List.of("writing") : List.of("standing by: another controller writes");
    return new Readiness(missing, missing.isEmpty() ? details : List.of());
  }

  /** What to print for who looks for a fault. */
  public Map<String, Object> state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("writing", writing.get());
    state.put("unsynced", watches.unsynced());
    state.put("watches", watches.standing());
    state.put("versions", watches.taken());
    state.put("nodes", watches.nodeCount());
    state.put("maps", watches.maps().size());
    state.put("clusterPolicies", watches.clusterPolicies().size());
    state.put("policies", watches.policies().size());
    state.put("busy", rate.isBusy());
    return state;
  }

  /** True once it has been closed. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Ends what is under way, gives the Lease back, and writes nothing more. */
  @Override
  public synchronized void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    gathering.shutdownNow();
    age.close();
    looks.close();
    if (writing.getAndSet(false)) {
      operator.stop();
    }
    threads.shutdownNow();
    leadership.close();
    watches.close();
  }
}
