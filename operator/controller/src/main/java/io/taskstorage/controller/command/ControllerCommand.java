package io.taskstorage.controller.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.controller.cluster.ClusterAccess;
import io.taskstorage.controller.reconcile.Controller;
import io.taskstorage.controller.watch.OpenWatches;
import io.taskstorage.telemetry.Endpoints;
import io.taskstorage.telemetry.ProcessMetrics;
import io.taskstorage.telemetry.TelemetryOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps the statuses of a cluster's maps and policies true until it is ended. */
@Command(
    name = "controller",
    description = "Keeps the statuses of a cluster's maps and policies true.",
    footer = {
      "",
      "Of several only one writes; the others stand by. SIGTERM hands over and ends it.",
      "Values stay in force whether it runs or not: the agents need it for nothing."
    },
    mixinStandardHelpOptions = true)
final class ControllerCommand implements Callable<Integer> {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Which cluster (default: the one whose pod this is, else what KUBECONFIG names).")
  private Optional<Path> kubeconfig = Optional.empty();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "taskstorage-system",
      description = "Where the agents' pods and the Lease are (default: taskstorage-system).")
  private String namespace = "taskstorage-system";

  @Option(
      names = "--leader-elect",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "Whether to write only while holding the Lease (default: true).")
  private boolean elects = true;

  @Option(
      names = "--startup-taint",
      description =
          "Take the taint taskstorage.io/agent-not-ready from nodes whose agent has acted since the"
              + " node was started.")
  private boolean startupTaint;

  @Mixin private TelemetryOptions telemetry = new TelemetryOptions(":9465", "127.0.0.1:9475");

  @Override
  public Integer call() {
    telemetry.startLogs();
    PrometheusRegistry registry = new PrometheusRegistry();
    ProcessMetrics.register(registry);
    OpenWatches watches = new OpenWatches();
    try (KubernetesClient client = ClusterAccess.open(kubeconfig, System.getenv(), watches);
        Controller controller =
            new Controller(
                client,
                watches,
                namespace,
                identity(),
                new Controller.Options(elects, startupTaint),
                registry,
                InstantSource.system());
        Endpoints _ =
            Endpoints.open(
                telemetry.listen(),
                telemetry.debugListen(),
                controller::readiness,
                registry,
                controller::state)) {
      EndOnSignal.close(controller);
      controller.start();
      throw new CommandFailure(
          switch (controller.awaitLost()) {
            case LEASE ->
                "lead: the Lease could not be renewed in time, another controller may write now:"
                    + " start this one again";
            case STORE ->
                "follow the API server: its store was put back to an older state: start this one"
                    + " again, it reads everything anew";
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static String identity() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown";
    }
    return host + "_" + UUID.randomUUID();
  }
}
