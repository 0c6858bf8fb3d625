package io.taskstorage.controller.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several controllers writes: the one that holds the Lease. Whoever ends cleanly lets it
 * expire at once, so that the next one need not wait.
 *
 * <p>JOSDK's own election is not used: it never releases the Lease, and ends the process itself.
 */
public final class Leadership implements AutoCloseable {

  /** The Lease's name. */
  public static final String LEASE = "taskstorage-controller";

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("leadership-", 0).factory());

  private final LeaderElector elector;
  private final AtomicBoolean leading = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private @Nullable CompletableFuture<?> running;

  /**
   * Of this process; nothing happens before {@link #start}.
   *
   * @param identity names this process in the Lease
   * @param begins called once, when it leads
   * @param lost called once, when it has lead and another may have begun to
   */
  public Leadership(
      KubernetesClient client, String namespace, String identity, Runnable begins, Runnable lost) {
    LeaderCallbacks callbacks =
        new LeaderCallbacks(
            () -> {
              if (leading.compareAndSet(false, true)) {
                LOG.info("leading");
                threads.execute(begins);
              }
            },
            () -> {
              if (leading.getAndSet(false) && !closing.get()) {
                LOG.error("no longer leading");
                threads.execute(lost);
              }
            },
            leader -> {});
    this.elector =
        new LeaderElectorBuilder(client, threads)
            .withConfig(
                new LeaderElectionConfig(
                    new LeaseLock(namespace, LEASE, identity),
                    LEASE_DURATION,
                    RENEW_DEADLINE,
                    RETRY_PERIOD,
                    callbacks,
                    true,
                    LEASE))
            .build();
  }

  /** Stands for election from now on. */
  public synchronized void start() {
    running = elector.start();
  }

  /** True while it leads. */
  public boolean isLeading() {
    return leading.get();
  }

  /** Stands no longer; a Lease that it holds expires a second later. Nothing is written after. */
  @Override
  public synchronized void close() {
    closing.set(true);
    if (running != null) {
      running.cancel(true);
    }
    leading.set(false);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(RETRY_PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("lease may not have been released");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
