package io.taskstorage.e2e.controller;

import static org.awaitility.Awaitility.await;

import io.taskstorage.testkit.cluster.FaultyProxy;
import io.taskstorage.testkit.cluster.FaultyProxy.Fault;
import io.taskstorage.testkit.cluster.FaultyProxy.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A controller to which chance does what networks, servers and people do: its way to the API server
 * fails for a while, it is killed in the middle of something, it is replaced. Used by one thread.
 */
final class Trouble implements AutoCloseable {
  /** So many requests at most have met a fault before something else happens. */
  private static final int MOST_HITS = 4;

  private final Cluster cluster;
  private final Random random;
  private final List<Knowledge> writers = new ArrayList<>();
  private TriedController controller;
  private int value;

  /** With a controller at work. */
  Trouble(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
    this.controller = another();
  }

  private TriedController another() {
    TriedController next = TriedController.alone(cluster);
    writers.add(next.knowledge());
    return next.start();
  }

  /** What each controller so far knew. */
  List<Knowledge> writers() {
    return List.copyOf(writers);
  }

  /** One event; returns what it was. */
  String next() {
    return switch (random.nextInt(10)) {
      case 0 -> replace();
      case 1 -> kill();
      case 2 -> mend();
      case 3 -> hit("all requests answered 503", _ -> true, new Fault.Refuse(503, 0));
      case 4 -> hit("all requests answered 429", _ -> true, new Fault.Refuse(429, 1));
      case 5 -> hit("writes answered 500", Trouble::isWrite, new Fault.Refuse(500, 0));
      case 6 -> hit("watches answered 410", Trouble::isWatch, new Fault.Refuse(410, 0));
      case 7 -> hit("watches cut", Trouble::isWatch, new Fault.CutAfter(random.nextInt(2000)));
      case 8 -> hit("no network", _ -> true, new Fault.Cut());
      default ->
          hit(
              "a slow server",
              seen -> !isWatch(seen),
              new Fault.Slow(Duration.ofMillis(1 + random.nextInt(30))));
    };
  }

  private static boolean isWatch(Seen request) {
    return request.pathAndQuery().contains("watch=");
  }

  private static boolean isWrite(Seen request) {
    return !request.method().equals("GET");
  }

  /** The fault stays, beside others, until it is mended; some requests have met it. */
  private String hit(String what, Predicate<Seen> which, Fault fault) {
    FaultyProxy proxy = controller.proxy();
    proxy.mend();
    int enough = 1 + random.nextInt(MOST_HITS);
    AtomicInteger hits = new AtomicInteger();
    proxy.fault(seen -> which.test(seen) && hits.incrementAndGet() > 0, fault);
    proxy.cutAll();
    change();
    try {
      await(what).atMost(Cluster.PATIENCE).until(() -> hits.get() >= enough);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s: %d of %d; %s".formatted(what, hits.get(), enough, controller.controller().state()),
          e);
    }
    return what;
  }

  /** Something that a controller which sees it writes about. */
  private void change() {
    cluster.apply(Cluster.clusterPolicy("troubled", "ctx-a", "Baseline", "qos", ++value % 200));
  }

  private String kill() {
    boolean isTaken = random.nextBoolean();
    boolean isInWrite = random.nextBoolean();
    controller.proxy().mend();
    controller.proxy().fault(isInWrite ? Trouble::isWrite : _ -> true, new Fault.Kill(isTaken));
    controller.proxy().cutAll();
    change();
    await("kill").atMost(Cluster.PATIENCE).until(controller.proxy()::isKilled);
    replace();
    return "the controller is killed %s a %s"
        .formatted(isTaken ? "after" : "before", isInWrite ? "write" : "request");
  }

  private String replace() {
    controller.close();
    controller = another();
    return "the controller is another one";
  }

  /** All is well again. */
  String mend() {
    controller.proxy().mend();
    return "the way to the server is mended";
  }

  @Override
  public void close() {
    controller.close();
  }
}
