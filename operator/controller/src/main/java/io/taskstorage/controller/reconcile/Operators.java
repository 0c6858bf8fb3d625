package io.taskstorage.controller.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How JOSDK runs our reconcilers: nothing is copied, retries never end, a missing kind may come.
 */
final class Operators {
  private static final Logger LOG = LoggerFactory.getLogger(Operators.class);
  private static final Duration END = Duration.ofSeconds(5);

  private Operators() {}

  /**
   * One that runs these and has not started yet.
   *
   * @param client stays the caller's
   * @param threads on which they run
   * @param closed whether the end is wanted, so that an informer that stops is no news
   */
  static Operator of(
      KubernetesClient client,
      ExecutorService threads,
      BooleanSupplier closed,
      List<Reconciler<? extends HasMetadata>> reconcilers) {
    Operator operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withExecutorService(threads)
                    .withResourceCloner(new Unchanged())
                    // A definition that is missing now may come; until then there is nothing to do.
                    .withStopOnInformerErrorDuringStartup(false)
                    .withCacheSyncTimeout(Duration.ofSeconds(10))
                    .withReconciliationTerminationTimeout(END)
                    .withInformerStoppedHandler(
                        (informer, why) -> {
                          if (!closed.getAsBoolean()) {
                            LOG.atWarn().setCause(why).log("informer stopped");
                          }
                        })
                    .withUseSSAToPatchPrimaryResource(false));
    for (Reconciler<? extends HasMetadata> reconciler : reconcilers) {
      operator.register(reconciler, Operators::configure);
    }
    return operator;
  }

  private static <P extends HasMetadata> void configure(
      ControllerConfigurationOverrider<P> overrider) {
    overrider
        // A status that somebody else changed is put right again.
        .withGenerationAware(false)
        .withRateLimiter(new LinearRateLimiter(Pace.LEAST, 1))
        .withRetry(
            new GenericRetry()
                .setInitialInterval(1000)
                .setIntervalMultiplier(2)
                .setMaxInterval(30_000)
                .withoutMaxAttempts());
  }

  /** Nobody here changes an object, so none is copied. */
  private static final class Unchanged implements Cloner {
    @Override
    public <R extends HasMetadata> R clone(R object) {
      return object;
    }
  }
}
