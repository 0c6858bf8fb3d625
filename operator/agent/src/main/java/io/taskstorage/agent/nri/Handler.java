package io.taskstorage.agent.nri;

import io.taskstorage.telemetry.LogKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the runtime's calls of one connection. The answer is never an error: the runtime would
 * let the container fail. Confined to the connection's thread.
 */
final class Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Handler.class);

  /** Half of what runtimes wait unless they are told otherwise. */
  private static final Duration USUAL = Duration.ofSeconds(1);

  /** A runtime that would wait for more than twice that does not hold its node's starts longer. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Only what is used: what a runtime does not know would end the registration. */
  private static final int EVENTS =
      Stream.of(Told.Kind.values()).mapToInt(Told.Kind::bit).reduce(0, (one, more) -> one | more);

  private final KnownContainers known;
  private final StartGate gate;
  private final NriCounts counts;
  private final Map<String, String> pods = new HashMap<>();
  private final Map<String, KnownContainers.Named> containers = new HashMap<>();
  private Duration limit = USUAL;
  private String runtime = "";
  private boolean isSynchronized;

  Handler(KnownContainers known, StartGate gate, NriCounts counts) {
    this.known = known;
    this.gate = gate;
    this.counts = counts;
  }

  /** The runtime's name and version, once it has told all that is there. */
  Optional<String> runtime() {
    return isSynchronized ? Optional.of(runtime) : Optional.empty();
  }

  /**
   * The answer to a request, both as ttrpc has them. May take as long as a start has to wait.
   *
   * @throws NonsenseException if the request is none
   */
  byte[] answer(byte[] request) throws NonsenseException {
    Call call = Call.read(request);
    Told told = Told.read(call);
    byte[] answer =
        switch (told) {
          case Told.Configure configure -> configure(configure);
          case Told.Synchronize part -> synchronize(part);
          case Told.Event event -> event(event);
          case Told.Other _ -> Call.DONE;
        };
    counts.runtimeEvent(told instanceof Told.Other ? "other" : call.method());
    return answer;
  }

  private byte[] configure(Told.Configure configure) {
    runtime = configure.runtime();
    if (configure.timeoutMillis() > 0) {
      Duration half = Duration.ofMillis(configure.timeoutMillis()).dividedBy(2);
      limit = half.compareTo(LONGEST) < 0 ? half : LONGEST;
    }
    return Call.answer(new ProtoWriter().number(2, EVENTS));
  }

  private byte[] synchronize(Told.Synchronize part) throws NonsenseException {
    part.pods().forEach(pod -> pods.put(pod.id(), pod.uid()));
    for (Told.Container container : part.containers()) {
      String uid = pods.get(container.pod());
      if (uid != null) {
        containers.put(container.id(), new KnownContainers.Named(uid, container.name()));
      }
    }
    if (Math.max(pods.size(), containers.size()) > KnownContainers.MOST) {
      throw new NonsenseException(
          "more than %d pods or containers".formatted(KnownContainers.MOST));
    }
    if (part.more()) {
      return Call.answer(new ProtoWriter().number(2, 1));
    }
    known.replace(containers);
    pods.clear();
    containers.clear();
    isSynchronized = true;
    return Call.DONE;
  }

  private byte[] event(Told.Event event) throws NonsenseException {
    String id = event.container().id();
    if (id.isEmpty()) {
      return Call.DONE;
    }
    KnownContainers.Named named =
        new KnownContainers.Named(event.pod().uid(), event.container().name());
    switch (event.kind()) {
      case CREATE -> known.put(id, named);
      case START -> {
        known.put(id, named);
        start(id, named);
      }
      case REMOVE -> known.remove(id);
    }
    return Call.DONE;
  }

  private void start(String id, KnownContainers.Named named) {
    long begin = System.nanoTime();
    StartGate.Outcome outcome = gate.await(id, limit);
    counts.containerStart(outcome, System.nanoTime() - begin);
    if (outcome == StartGate.Outcome.TIMEOUT) {
      LOG.atWarn()
          .addKeyValue(LogKey.UID, named.pod())
          .addKeyValue(LogKey.NAME, named.name())
          .log("container started before its turn");
    }
  }
}
