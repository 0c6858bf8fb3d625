package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageNodeState;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.controller.aggregate.Fleet;
import io.taskstorage.controller.aggregate.Judgement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One informer for each kind, and what they have seen. Thread-safe. */
public final class Watches implements SeenNodes, AutoCloseable {

  /** Labels of the agents' pods, wherever they were deployed from. */
  private static final Map<String, String> AGENT =
      Map.of(
          "app.kubernetes.io/name", "task-storage-operator",
          "app.kubernetes.io/component", "agent");

  private static final long PAGE = 500;

  /** Who wants to know of changes; called on the informers' threads, so it must be quick. */
  public interface Listener {
    /** An event of this kind has come; {@code isChange} if a status may depend on it. */
    void seen(String kind, boolean isChange);

    /** A Node, the state of a node or its agent's pod came, went or changed in whatever. */
    void node(String name);

    /** A list or watch of this kind failed, and is tried again. */
    void failed(String kind, Throwable why);
  }

  private final OpenWatches open;
  private final Listener listener;
  private final ClusterIndex index = new ClusterIndex();
  private final OwnObjects own = new OwnObjects();
  private final Map<String, SharedIndexInformer<?>> informers = new TreeMap<>();
  private final Map<String, Backlog> backlogs = new TreeMap<>();
  private final Map<String, Listable<? extends KubernetesResourceList<?>>> lists = new TreeMap<>();
  private final SharedIndexInformer<SeenNode> nodes;
  private final SharedIndexInformer<SeenNodeState> states;
  private volatile boolean isClosed;

  /**
   * Watches of all that statuses depend on; nothing is asked before {@link #start}.
   *
   * @param client its answers are read as {@link Seen} objects; stays the caller's
   * @param open which of the client's watches the server has open
   * @param namespace where the agents' pods are
   */
  public Watches(KubernetesClient client, OpenWatches open, String namespace, Listener listener) {
    this.open = open;
    this.listener = listener;
    own(TaskStorageMap.KIND, client.resources(TaskStorageMap.class));
    own(ClusterTaskStoragePolicy.KIND, client.resources(ClusterTaskStoragePolicy.class));
    own(TaskStoragePolicy.KIND, client.resources(TaskStoragePolicy.class).inAnyNamespace());
    seen(
        "Namespace",
        client.resources(SeenNamespace.class),
        (before, now) -> own.namespace(Take.either(before, now).name(), now));
    nodes =
        seen(
            "Node",
            client.resources(SeenNode.class),
            (before, now) ->
                ofNode(Take.either(before, now).name(), name -> index.node(name, now)));
    states =
        seen(
            TaskStorageNodeState.KIND,
            client.resources(SeenNodeState.class),
            (before, now) ->
                ofNode(Take.either(before, now).name(), name -> index.state(name, now)));
    seen(
        "AgentPod",
        client.resources(SeenPod.class).inNamespace(namespace).withLabels(AGENT),
        this::agent);
  }

  private boolean ofNode(String name, Predicate<String> change) {
    boolean isChange = change.test(name);
    listener.node(name);
    return isChange;
  }

  private boolean agent(@Nullable SeenPod before, @Nullable SeenPod now) {
    boolean changed = false;
    if (before != null
        && !before.node().isEmpty()
        && (now == null || !now.node().equals(before.node()))) {
      String pod = before.key();
      changed = ofNode(before.node(), node -> index.agent(node, pod, null));
    }
    if (now != null && !now.node().isEmpty()) {
      String pod = now.key();
      boolean ready = now.ready();
      changed |= ofNode(now.node(), node -> index.agent(node, pod, ready));
    }
    return changed;
  }

  /** All nodes as they are known now, and where the pods of some namespaces were. */
  public Fleet fleet(Map<String, Set<String>> nodesByNamespace) {
    return new Fleet(index.nodes(), nodesByNamespace);
  }

  /** How many Nodes there are. */
  public int nodeCount() {
    return index.size();
  }

  /** The judgement of all maps and policies as they are known now. */
  public Judgement judgement() {
    return own.judgement();
  }

  /** The object with the kind and name of the one given, as it was last seen. */
  public <P extends CustomResource<?, ?>> Optional<P> current(P object) {
    return own.current(object);
  }

  /** The maps. */
  public List<TaskStorageMap> maps() {
    return own.maps();
  }

  /** The cluster policies. */
  public List<ClusterTaskStoragePolicy> clusterPolicies() {
    return own.clusterPolicies();
  }

  /** The namespaced policies. */
  public List<TaskStoragePolicy> policies() {
    return own.policies();
  }

  @Override
  public Optional<SeenNode> node(String name) {
    return Optional.ofNullable(nodes.getStore().getByKey(name));
  }

  @Override
  public List<String> nodeNames() {
    return nodes.getStore().listKeys();
  }

  @Override
  public Optional<SeenNodeState> state(String name) {
    return Optional.ofNullable(states.getStore().getByKey(name));
  }

  @Override
  public boolean hasReadyAgent(String name) {
    return index.hasReadyAgent(name);
  }

  /** Lists and watches from now on. */
  public void start() {
    informers.values().forEach(SharedIndexInformer::start);
  }

  /** The kinds that have not been listed, and taken in, completely yet. */
  public List<String> unsynced() {
    return backlogs.entrySet().stream()
        .filter(entry -> !entry.getValue().isCaughtUp())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * For each kind, whether a watch of it stands: whether the server tells of it. JOSDK watches maps
   * and policies by the same client; of these either one is enough.
   */
  public Map<String, Boolean> standing() {
    Map<String, Boolean> standing = new TreeMap<>();
    informers.forEach(
        (kind, informer) ->
            standing.put(kind, open.isOpen(HasMetadata.getPlural(informer.getApiTypeClass()))));
    return standing;
  }

  /** For each kind the newest version that was taken in; 0 before the first. */
  public Map<String, Long> taken() {
    Map<String, Long> taken = new TreeMap<>();
    backlogs.forEach((kind, backlog) -> taken.put(kind, backlog.newest()));
    return taken;
  }

  /** What {@link StoreAge} needs to know. */
  StoreAge.Versions versions() {
    return new StoreAge.Versions() {
      @Override
      public Map<String, String> seen() {
        Map<String, String> seen = new TreeMap<>();
        informers.forEach(
            (kind, informer) -> {
              String version = informer.lastSyncResourceVersion();
              if (version != null) {
                seen.put(kind, version);
              }
            });
        return seen;
      }

      @Override
      public String now(String kind) {
        ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
        return Objects.requireNonNull(lists.get(kind)).list(one).getMetadata().getResourceVersion();
      }
    };
  }

  @Override
  public void close() {
    isClosed = true;
    informers.values().forEach(SharedIndexInformer::close);
  }

  private <
          T extends CustomResource<?, ?>,
          O extends Informable<T> & Listable<? extends KubernetesResourceList<T>>>
      void own(String kind, O informable) {
    lists.put(kind, informable);
    SharedIndexInformer<T> informer = informable.withLimit(PAGE).runnableInformer(0);
    handle(
        kind,
        informer,
        () -> informer.getStore().listKeys().size(),
        (before, now) -> {
          if (now != null) {
            return own.put(now);
          }
          own.remove(Take.either(before, null));
          return true;
        });
  }

  private <T extends Seen, O extends Informable<T> & Listable<? extends KubernetesResourceList<T>>>
      SharedIndexInformer<T> seen(String kind, O informable, Take<T> take) {
    lists.put(kind, informable);
    SharedIndexInformer<T> informer = informable.withLimit(PAGE).runnableInformer(0);
    SeenStore<T> store = new SeenStore<>();
    informer.itemStore(store);
    handle(kind, informer, store::size, take);
    return informer;
  }

  private <T extends HasMetadata> void handle(
      String kind, SharedIndexInformer<T> informer, IntSupplier stored, Take<T> take) {
    Backlog backlog = new Backlog(informer::hasSynced, stored);
    backlogs.put(kind, backlog);
    informer.exceptionHandler(
        (_, why) -> {
          // At the end nothing has failed, and nothing is tried again.
          if (!isClosed) {
            listener.failed(kind, why);
          }
          return !isClosed;
        });
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            listener.seen(kind, take.take(null, object));
            backlog.taken(1, object.getMetadata().getResourceVersion());
          }

          @Override
          public void onUpdate(T before, T now) {
            listener.seen(kind, take.take(before, now));
            backlog.taken(0, now.getMetadata().getResourceVersion());
          }

          @Override
          public void onDelete(T object, boolean finalStateUnknown) {
            listener.seen(kind, take.take(object, null));
            backlog.taken(-1, object.getMetadata().getResourceVersion());
          }
        });
    informers.put(kind, informer);
  }
}
