package io.taskstorage.controller.reconcile;

import io.taskstorage.controller.watch.SeenNodes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does for single Nodes what there is to do, on a thread of its own, until it is done. */
final class NodeLooks implements AutoCloseable {

  /** Something that there may be to do for a Node. */
  interface Duty {
    /** Whether there is something to do for the Node of this name; asked at each event of it. */
    boolean isDue(String name);

    /**
     * Does it, as far as it is to do.
     *
     * @return false if somebody else was faster, and it is to be looked at again
     */
    boolean bringInLine(String name);
  }

  private static final Logger LOG = LoggerFactory.getLogger(NodeLooks.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final SeenNodes known;
  private final List<Duty> duties;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("nodes").factory());

  private volatile boolean started;

  NodeLooks(SeenNodes known, List<Duty> duties) {
    this.known = known;
    this.duties = List.copyOf(duties);
  }

  /** From now on, and once for all Nodes that there are. All kinds have been listed. */
  void start() {
    started = true;
    known.nodeNames().forEach(this::look);
  }

  /** Sees to the Node of this name soon, if there is something to do; nothing before the start. */
  void look(String name) {
    if (started && isDue(name) && waiting.add(name)) {
      schedule(name, Duration.ZERO, FIRST_RETRY);
    }
  }

  private boolean isDue(String name) {
    return duties.stream().anyMatch(duty -> duty.isDue(name));
  }

  @Override
  public void close() {
    started = false;
    thread.shutdownNow();
  }

  private void schedule(String name, Duration delay, Duration nextRetry) {
    if (!thread.isShutdown()) {
      var _ = thread.schedule(() -> run(name, nextRetry), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void run(String name, Duration nextRetry) {
    waiting.remove(name);
    boolean isDone = true;
    for (Duty duty : duties) {
      isDone &= isDone(duty, name);
    }
    if (!isDone && waiting.add(name)) {
      Duration doubled = nextRetry.multipliedBy(2);
      schedule(name, nextRetry, doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled);
    }
  }

  /** What goes wrong with one duty keeps nobody from the others. */
  private static boolean isDone(Duty duty, String name) {
    try {
      return !duty.isDue(name) || duty.bringInLine(name);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).addKeyValue("node", name).log("node could not be brought in line");
      return false;
    }
  }
}
