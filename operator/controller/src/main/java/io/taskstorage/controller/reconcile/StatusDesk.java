package io.taskstorage.controller.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.taskstorage.api.v1alpha1.Condition;
import io.taskstorage.controller.aggregate.Change;
import io.taskstorage.controller.aggregate.Fleet;
import io.taskstorage.controller.aggregate.Judgement;
import io.taskstorage.controller.aggregate.Tie;
import io.taskstorage.controller.watch.PodPlaces;
import io.taskstorage.controller.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the status of the objects of one kind in line: collect, pure function, write.
 *
 * @param <P> the kind
 * @param <S> its status
 */
final class StatusDesk<P extends CustomResource<?, S>, S> {

  private static final Logger LOG = LoggerFactory.getLogger(StatusDesk.class);
  private static final Duration SOON = Duration.ofMillis(200);

  /** While statuses are held back nothing else may call; the last reports must be noticed. */
  private static final Duration AT_MOST = Duration.ofSeconds(2);

  /** What differs from kind to kind. All of it is pure. */
  interface Kind<P, S> {
    S status(Judgement judgement, P object, Fleet fleet, Instant now);

    Change change(@Nullable S before, S after);

    List<Condition> conditions(S status);

    /** True if the status depends on where the pods of the object's namespace are. */
    default boolean needsPods(Judgement judgement, P object, Fleet fleet) {
      return false;
    }

    /** A tie that there is to tell of. */
    default Optional<Tie> tie(Judgement judgement, P object, @Nullable S before, S after) {
      return Optional.empty();
    }

    /** True if the status says for the first time that a generation is in force. */
    default boolean decides(@Nullable S before, S after) {
      return false;
    }

    /** Another number once counts are worth a write at once. */
    default int stage(P object, Fleet fleet) {
      return 0;
    }
  }

  /** What everybody who writes needs. */
  record Tools(
      Watches watches,
      PodPlaces places,
      StatusWriter statuses,
      EventWriter events,
      ReportRate rate,
      ControllerMetrics metrics,
      InstantSource clock) {}

  /**
   * What is remembered of an object between two looks at it.
   *
   * @param written when it was last written
   * @param counted when its counts were last written, or it was first seen
   * @param stage of the nodes when its counts were last written, or it was first seen
   * @param replaced the resourceVersion that the last write replaced: an object that still has it
   *     was seen before the write
   */
  private record Memory(Optional<Instant> written, Instant counted, int stage, String replaced) {}

  private final String kindName;
  private final Kind<P, S> kind;
  private final Tools tools;
  private final Map<String, Memory> memories = new ConcurrentHashMap<>();
  private final PodQuestions questions = new PodQuestions();

  StatusDesk(String kindName, Kind<P, S> kind, Tools tools) {
    this.kindName = kindName;
    this.kind = kind;
    this.tools = tools;
  }

  /**
   * Looks at one object, and writes its status if it is time to.
   *
   * @throws KubernetesClientException if the server cannot be reached or refuses
   */
  UpdateControl<P> look(P primary) {
    Instant begin = tools.clock().instant();
    UpdateControl<P> control = tryLook(primary);
    tools.metrics().looked(kindName, Duration.between(begin, tools.clock().instant()));
    return control;
  }

  private UpdateControl<P> tryLook(P primary) {
    if (!tools.watches().unsynced().isEmpty()) {
      tools.metrics().skipped(kindName, "not-synced");
      return again(SOON);
    }
    Optional<P> seen = tools.watches().current(primary);
    Judgement judgement = tools.watches().judgement();
    if (seen.isEmpty() || !judgement.covers(seen.get())) {
      // One informer is ahead of the other; it will not be for long.
      tools.metrics().skipped(kindName, "not-seen");
      return again(SOON);
    }
    P object = seen.get();
    Instant now = tools.clock().instant();
    Fleet fleet = fleet();
    Memory memory =
        memories.computeIfAbsent(
            object.getMetadata().getUid(),
            _ -> new Memory(Optional.empty(), now, kind.stage(object, fleet), ""));
    if (memory.replaced().equals(object.getMetadata().getResourceVersion())) {
      tools.metrics().skipped(kindName, "not-seen");
      return again(SOON);
    }
    Optional<Instant> reported = tools.rate().last();
    S after = kind.status(judgement, object, fleet, now);
    Optional<Duration> question = question(judgement, object, fleet, after, now);
    if (question.filter(Duration::isZero).isPresent()) {
      tools.places().ask(object.getMetadata().getNamespace(), now);
      Fleet asked = fleet();
      after = kind.status(judgement, object, asked, now);
      question = question(judgement, object, asked, after, now);
    }
    if (kind.decides(object.getStatus(), after) && !seesNodes()) {
      // One that came meanwhile may not have acted.
      tools.metrics().skipped(kindName, "nodes-unseen");
      return again(SOON);
    }
    Change change = kind.change(object.getStatus(), after);
    if (change == Change.COUNTS && kind.stage(object, fleet) != memory.stage()) {
      change = Change.REAL;
    }
    if (change == Change.NONE) {
      tools.metrics().skipped(kindName, "unchanged");
      return question.map(this::again).orElseGet(UpdateControl::noUpdate);
    }
    Optional<Duration> wait =
        Pace.wait(change, memory.written(), memory.counted(), tools.rate().isBusy(), now);
    if (wait.isPresent()) {
      tools.metrics().skipped(kindName, change == Change.COUNTS ? "counts" : "paced");
      return again(
          change == Change.REAL && wait.get().compareTo(AT_MOST) > 0 ? AT_MOST : wait.get());
    }
    Optional<Tie> tie = kind.tie(judgement, object, object.getStatus(), after);
    return write(object, after, tie, reported, now, kind.stage(object, fleet));
  }

  private boolean seesNodes() {
    return Boolean.TRUE.equals(tools.watches().standing().get("Node"));
  }

  private Fleet fleet() {
    return tools.watches().fleet(tools.places().nodesByNamespace());
  }

  /** How long until it must be asked where the pods are; empty if nothing depends on that. */
  private Optional<Duration> question(
      Judgement judgement, P object, Fleet fleet, S after, Instant now) {
    if (!kind.needsPods(judgement, object, fleet)) {
      return Optional.empty();
    }
    ObjectMeta meta = object.getMetadata();
    return Optional.of(
        questions.wait(
            meta.getUid(),
            meta.getGeneration(),
            tools.places().askedAt(meta.getNamespace()),
            kind.decides(object.getStatus(), after),
            now));
  }

  private UpdateControl<P> write(
      P object, S after, Optional<Tie> tie, Optional<Instant> reported, Instant now, int stage) {
    StatusWriter.Result result;
    try {
      result = tools.statuses().write(object, after);
    } catch (KubernetesClientException e) {
      tools.metrics().wrote(kindName, "failed");
      throw e;
    }
    return switch (result) {
      case StatusWriter.Result.Written(String resourceVersion) -> {
        String replaced = object.getMetadata().getResourceVersion();
        memories.put(
            object.getMetadata().getUid(),
            new Memory(
                Optional.of(now), now, stage, replaced.equals(resourceVersion) ? "" : replaced));
        tools.metrics().wrote(kindName, "written");
        reported.ifPresent(
            at -> tools.metrics().delayed(Duration.between(at, tools.clock().instant())));
        tell(object, after, now);
        tie.ifPresent(
            found ->
                tools.metrics().told(tools.events().tell(object, EventWriter.News.of(found), now)));
        yield UpdateControl.noUpdate();
      }
      case StatusWriter.Result.Conflict() -> {
        tools.metrics().wrote(kindName, "conflict");
        yield again(SOON);
      }
      case StatusWriter.Result.Gone() -> {
        tools.metrics().wrote(kindName, "gone");
        yield UpdateControl.noUpdate();
      }
    };
  }

  private void tell(P object, S after, Instant now) {
    S before = object.getStatus();
    List<Condition> conditions = kind.conditions(after);
    Optional<Condition> transition =
        EventWriter.transition(before == null ? null : kind.conditions(before), conditions);
    if (transition.isEmpty()) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("kind", kindName)
        .addKeyValue(
            "namespace", Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""))
        .addKeyValue("name", object.getMetadata().getName())
        .addKeyValue("generation", object.getMetadata().getGeneration())
        .addKeyValue("reason", transition.get().reason())
        .addKeyValue("ready", transition.get().status())
        .log("transition");
    boolean stalled = EventWriter.isTrue(conditions, Condition.STALLED);
    tools
        .metrics()
        .told(tools.events().tell(object, EventWriter.News.of(transition.get(), stalled), now));
  }

  /** Forgets objects that are no longer there. */
  void keepOnly(List<P> objects) {
    Set<String> uids =
        objects.stream().map(object -> object.getMetadata().getUid()).collect(Collectors.toSet());
    memories.keySet().retainAll(uids);
    questions.keepOnly(uids);
  }

  private UpdateControl<P> again(Duration wait) {
    UpdateControl<P> control = UpdateControl.noUpdate();
    return control.rescheduleAfter(wait);
  }
}
