package io.taskstorage.agent.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.taskstorage.agent.observe.ApiState;
import io.taskstorage.agent.observe.ContainerNames;
import io.taskstorage.taskstore.CgroupSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * An API server as the state of the API: what a folder of manifests is to a standalone agent.
 * Threads of its own list and watch until it is closed; one thread observes.
 */
public final class ApiObserver implements AutoCloseable {
  private static final long END_SECONDS = 5;

  private final Map<Resource, Mirror> mirrors = new EnumMap<>(Resource.class);
  private final List<Reflector> reflectors = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong version = new AtomicLong();
  private final StateComputation computation;
  private final String server;
  private final Runnable told;
  private boolean isStarted;

  /** What is remembered has been handed out, or there is nothing. */
  private boolean isRememberedSeen = true;

  private long seen = -1;
  private Map<Resource, Mirror.State> seenStates = Map.of();
  private CgroupSnapshot seenCgroups = new CgroupSnapshot(List.of(), List.of());
  private ContainerNames seenContainers = ContainerNames.NONE;
  private ApiState state = ApiState.UNKNOWN;

  private ApiObserver(String nodeName, String server, Runnable told) {
    this.server = server;
    this.told = told;
    this.computation = new StateComputation(nodeName, server);
    for (Resource resource : Resource.values()) {
      mirrors.put(resource, new Mirror(this::changed));
    }
  }

  private void changed() {
    version.incrementAndGet();
    told.run();
  }

  /**
   * Observes from the first {@link #observe} on, which hands out what is remembered: an earlier
   * version that is in force counts before a newer one comes that is refused.
   *
   * @param connection stays the caller's to close, after this
   * @param remembered what a checkpoint says: it stands as it is until the server has told
   *     everything
   * @param changed called after each change, on any thread
   * @param counts told of what comes, on any thread
   */
  public static ApiObserver of(
      ApiConnection connection,
      String nodeName,
      Optional<Checkpoint> remembered,
      Runnable changed,
      ApiCounts counts) {
    return of(
        new Reflector.Means(
            connection,
            nodeName,
            Monotonic.CLOCK,
            RandomGenerator.getDefault(),
            Thread::sleep,
            counts),
        remembered,
        changed);
  }

  /** The same with a clock and pauses of the caller's. */
  static ApiObserver of(Reflector.Means means, Optional<Checkpoint> remembered, Runnable changed) {
    ApiObserver observer = new ApiObserver(means.nodeName(), means.connection().server(), changed);
    remembered.ifPresent(observer::beginWith);
    observer.mirrors.forEach((resource, mirror) -> observer.add(resource, mirror, means));
    return observer;
  }

  private void add(Resource resource, Mirror mirror, Reflector.Means means) {
    means.counts().begins(resource.toString());
    Reflector reflector = new Reflector(resource, mirror, means);
    reflectors.add(reflector);
    threads.add(Thread.ofPlatform().daemon().name("watch-" + resource).unstarted(reflector));
  }

  private void beginWith(Checkpoint checkpoint) {
    remember(checkpoint);
    state =
        new ApiState(
            checkpoint.origins(), false, true, List.of(), List.of(), List.of(), Optional.empty());
  }

  /**
   * Goes on with what another process has remembered since; as what was remembered at the
   * beginning, it counts until the server has told everything, and at least once. On the thread
   * that observes.
   */
  public void remember(Checkpoint checkpoint) {
    isRememberedSeen = false;
    Map<Resource, List<String>> byResource = new HashMap<>();
    for (Checkpoint.Kept kept : checkpoint.objects()) {
      byResource.computeIfAbsent(kept.resource(), _ -> new ArrayList<>()).add(kept.text());
    }
    mirrors.forEach(
        (resource, mirror) -> mirror.remember(byResource.getOrDefault(resource, List.of())));
  }

  /** The state where no container runtime tells anything. */
  public ApiState observe(CgroupSnapshot cgroups) {
    return observe(cgroups, ContainerNames.NONE);
  }

  /**
   * The state as it is known now, for these cgroups and containers. The same instance as before
   * while none of them has changed; never throws for what a server says.
   */
  @SuppressWarnings("ReferenceEquality") // An observation is the same instance while unchanged.
  public ApiState observe(CgroupSnapshot cgroups, ContainerNames containers) {
    reflectors.forEach(Reflector::cutIfQuiet);
    long now = version.get();
    if (now != seen || cgroups != seenCgroups || containers != seenContainers) {
      if (now != seen) {
        boolean isAllTold = isAllTold() && isRememberedSeen;
        seenStates = states(isAllTold);
        if (isAllTold) {
          mirrors.values().forEach(Mirror::forget);
        }
      }
      state = computation.next(seenStates, cgroups, containers, state);
      seen = now;
      seenCgroups = cgroups;
      seenContainers = containers;
      if (!isRememberedSeen) {
        isRememberedSeen = true;
        changed();
      }
    }
    if (!isStarted) {
      isStarted = true;
      threads.forEach(Thread::start);
    }
    return state;
  }

  /** The folders in which cgroups of pods and of their containers come. */
  public static Set<String> podFolders(CgroupSnapshot cgroups) {
    return PodCgroups.folders(cgroups);
  }

  /** The runtime's ids of the containers whose cgroups and pods this state knows. */
  public static Set<String> containerIds(ApiState state) {
    return PodCgroups.containerIds(state.cluster());
  }

  /** Resources of which nothing but a checkpoint is known, in a fixed order. */
  public List<String> remembered() {
    List<String> names = new ArrayList<>();
    states(isAllTold())
        .forEach(
            (resource, known) -> {
              if (!known.listed() && known.remembered()) {
                names.add(resource.toString());
              }
            });
    return names;
  }

  /** Why the server does not tell everything at present, one sentence each. */
  public List<String> troubles() {
    return states(isAllTold()).values().stream()
        .flatMap(known -> known.trouble().stream())
        .toList();
  }

  /** How many objects of each resource are known. */
  public SortedMap<String, Integer> sizes() {
    SortedMap<String, Integer> sizes = new TreeMap<>();
    mirrors.forEach((resource, mirror) -> sizes.put(resource.toString(), mirror.size()));
    return sizes;
  }

  /**
   * What to remember of the last observation, which is complete. On the thread that observes.
   *
   * @param earlier the versions that count in place of newer ones, which are refused
   */
  public Checkpoint checkpoint(List<HasMetadata> earlier) {
    List<Checkpoint.Kept> kept = new ArrayList<>();
    seenStates.forEach(
        (resource, known) ->
            known.objects().forEach(text -> kept.add(new Checkpoint.Kept(resource, text))));
    return new Checkpoint(
        server,
        kept,
        earlier.stream()
            .map(object -> new Checkpoint.Kept(Resource.of(object.getKind()), Pruning.keep(object)))
            .toList());
  }

  private boolean isAllTold() {
    return mirrors.values().stream().allMatch(Mirror::isListed);
  }

  private Map<Resource, Mirror.State> states(boolean isAllTold) {
    Map<Resource, Mirror.State> states = new EnumMap<>(Resource.class);
    mirrors.forEach((resource, mirror) -> states.put(resource, mirror.state(isAllTold)));
    return states;
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    reflectors.forEach(Reflector::cut);
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
