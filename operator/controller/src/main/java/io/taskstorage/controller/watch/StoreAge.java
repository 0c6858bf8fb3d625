package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the API server's store was put back to what it was, as from a backup of etcd. A
 * watch does not: it goes on from a version that is yet to come again, and tells nothing until
 * then.
 *
 * <p>The version of a list is the revision of the store that keeps its kind; etcd adds one with
 * each change. So a list whose version is smaller than one that was seen of the same kind tells of
 * an older store. A store that has grown past that version before it was looked at is not noticed,
 * and one whose versions are no numbers is taken at its word.
 */
public final class StoreAge implements AutoCloseable {

  /** What is known of versions, and who is asked for one. */
  interface Versions {
    /** The newest version that was seen of each kind. */
    Map<String, String> seen();

    /**
     * The version that a list of this kind has now.
     *
     * @throws KubernetesClientException if there is no answer
     */
    String now(String kind);
  }

  private static final Logger LOG = LoggerFactory.getLogger(StoreAge.class);
  private static final long PERIOD_SECONDS = 10;

  private final Versions versions;
  private final Runnable wentBack;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("store-age").factory());

  /**
   * Of the server that is watched; nothing is asked before {@link #start}.
   *
   * @param wentBack called on a thread of this object when the store is older than it was; nothing
   *     is asked after that
   */
  public static StoreAge of(Watches watches, Runnable wentBack) {
    return new StoreAge(watches.versions(), wentBack);
  }

  StoreAge(Versions versions, Runnable wentBack) {
    this.versions = versions;
    this.wentBack = wentBack;
  }

  /** Asks every ten seconds, with one small request. */
  public void start() {
    var _ =
        thread.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  void look() {
    String kind = "";
    long newest = 0;
    for (Map.Entry<String, String> seen : versions.seen().entrySet()) {
      long version = number(seen.getValue());
      if (version > newest) {
        kind = seen.getKey();
        newest = version;
      }
    }
    if (newest == 0) {
      return;
    }
    try {
      long now = number(versions.now(kind));
      if (now > 0 && now < newest) {
        LOG.atError()
            .addKeyValue("kind", kind)
            .addKeyValue("version", now)
            .addKeyValue("before", newest)
            .log("the store was put back");
        thread.shutdown();
        wentBack.run();
      }
    } catch (KubernetesClientException e) {
      LOG.atDebug().setCause(e).log("the age of the store is not known");
    }
  }

  /** Zero for what is no number. */
  static long number(@Nullable String version) {
    try {
      return version == null ? 0 : Long.parseLong(version);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
