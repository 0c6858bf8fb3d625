package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.taskstorage.testkit.cluster.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A control plane with what agents and controller stand on: the definitions and {@code
 * operator/deploy/rights}, applied as users apply them. Their pods are not there, for the DaemonSet
 * would take those that tests make for its own. One for all tests of a run. Any thread may call.
 *
 * @param server the control plane
 * @param client the administrator's
 * @param http for whoever has a token
 */
record Installation(ApiServer server, KubernetesClient client, Http http) implements AutoCloseable {

  /** Where the agents and the controller are. */
  static final String NAMESPACE = "taskstorage-system";

  static final Path ROOT = Path.of(System.getProperty("root.dir", "."));

  /** What users apply. */
  static final Path FOLDER = ROOT.resolve("operator/deploy");

  static final Path RIGHTS = FOLDER.resolve("rights");

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static Installation on(ApiServer server) {
    server.apply(ROOT.resolve("crds"));
    server.apply(RIGHTS);
    Config config = Config.fromKubeconfig(server.kubeconfig().toFile());
    return new Installation(
        server, new KubernetesClientBuilder().withConfig(config).build(), new Http(config));
  }

  /** Fails if the server finds mistakes in the expressions of an admission policy. */
  void assertSound(String policy) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              ValidatingAdmissionPolicyStatus status =
                  client
                      .admissionRegistration()
                      .v1()
                      .validatingAdmissionPolicies()
                      .withName(policy)
                      .require()
                      .getStatus();
              assertThat(status).isNotNull();
              assertThat(status.getTypeChecking()).isNotNull();
              assertThat(status.getTypeChecking().getExpressionWarnings()).isEmpty();
            });
  }

  @Override
  public void close() {
    http.close();
    client.close();
  }

  /** Gives tests the run's installation. */
  static final class Parameter implements ParameterResolver, BeforeAllCallback {

    private static final Namespace STORE = Namespace.create(Installation.class);

    @Override
    public void beforeAll(ExtensionContext context) {
      shared(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Installation.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return shared(context);
    }

    private static Installation shared(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(STORE)
          .computeIfAbsent(
              Installation.class, key -> on(ApiServer.shared(context)), Installation.class);
    }
  }
}
