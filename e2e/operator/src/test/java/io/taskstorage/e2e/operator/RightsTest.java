package io.taskstorage.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.taskstorage.e2e.operator.Rights.Place;
import io.taskstorage.testkit.GoldenCases;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each account may do, and that this is all: of every verb on every resource there is. */
@ApiServerTest
@ExtendWith(Installation.Parameter.class)
class RightsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern PATH = Pattern.compile("\"(/[^\"]*)\"");
  private static final List<String> UNLISTED_PATHS =
      List.of(
          "*", "/", "/configz", "/debug/flags/v", "/debug/pprof", "/flagz", "/logs", "/statusz");
  private static final Place OWN = Place.in(Installation.NAMESPACE);
  private static final Place ELSEWHERE = Place.in("default");

  @TestFactory
  Stream<DynamicTest> theAccountsOfTheOperator(Installation installation) {
    List<Resource> resources = Resource.all(installation.client());
    return GoldenCases.of(getClass())
        .tests(
            goldenCase -> {
              // Given
              Account account = Account.service(Installation.NAMESPACE, goldenCase.name());
              Rights rights =
                  new Rights(
                      installation.client(),
                      account,
                      OWN,
                      OWN.only("taskstorage-controller"),
                      ELSEWHERE);
              // When
              List<String> allowed = rights.to(resources);
              // Then
              goldenCase.expect("allowed.txt", String.join("\n", allowed));
            });
  }

  /** Such as /metrics: of what is no resource they have what every account of the cluster has. */
  @ParameterizedTest
  @ValueSource(strings = {"taskstorage-agent", "taskstorage-controller"})
  void theAccountsOfTheOperatorOnPathsThatAreNoResources(String name, Installation installation) {
    // Given
    List<String> paths = paths(installation.client());
    Rights rights =
        new Rights(installation.client(), Account.service(Installation.NAMESPACE, name));
    Rights ofAnyAccount =
        new Rights(installation.client(), Account.service("default", "of-no-role"));
    // When
    List<String> allowed = rights.toPaths(paths);
    // Then
    assertThat(allowed).isEqualTo(ofAnyAccount.toPaths(paths));
    assertThat(allowed)
        .containsExactly(
            "/.well-known/openid-configuration: get",
            "/api: get",
            "/apis: get",
            "/healthz: get",
            "/livez: get",
            "/openapi/v2: get",
            "/openapi/v3: get",
            "/openapi/v3/: get",
            "/openid/v1/jwks: get",
            "/readyz: get",
            "/version: get");
    assertThat(paths)
        .contains("/metrics", "/metrics/slis", "/logs", "/debug/pprof", "/healthz/etcd", "*");
  }

  /** All that the server lists but the resources, and what it does not list. */
  private static List<String> paths(KubernetesClient client) {
    Stream<String> listed =
        PATH.matcher(client.raw("/"))
            .results()
            .map(path -> path.group(1))
            .filter(path -> !path.startsWith("/api/") && !path.startsWith("/apis/"));
    return Stream.concat(listed, UNLISTED_PATHS.stream()).distinct().sorted().toList();
  }

  @Test
  void itIsAskedForEveryResourceThatMatters(Installation installation) {
    assertThat(Resource.all(installation.client()))
        .extracting(Resource::toString)
        .contains(
            "secrets",
            "configmaps",
            "pods/exec",
            "nodes/proxy",
            "serviceaccounts/token",
            "users",
            "events of events.k8s.io",
            "leases of coordination.k8s.io",
            "customresourcedefinitions of apiextensions.k8s.io",
            "clusterrolebindings of rbac.authorization.k8s.io",
            "validatingadmissionpolicies of admissionregistration.k8s.io",
            "taskstoragenodestates/status of taskstorage.io",
            "* of *");
  }

  @Test
  void anAgentMayLookAtTheDefinitionsOfWhatItReadsAndAtNoOther(Installation installation) {
    // Given
    Account agent = Account.service(Installation.NAMESPACE, "taskstorage-agent");
    Rights rights = new Rights(installation.client(), agent);
    Resource definitions = new Resource("apiextensions.k8s.io", "customresourcedefinitions", false);
    // When, Then
    for (String kind :
        List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies")) {
      Place one = Place.EVERYWHERE.only(kind + ".taskstorage.io");
      assertThat(rights.may("get", definitions, one)).as(kind).isTrue();
      assertThat(rights.may("delete", definitions, one)).as(kind).isFalse();
      assertThat(rights.may("watch", definitions, one)).as(kind).isFalse();
    }
    for (String other : List.of("taskstoragenodestates.taskstorage.io", "others.example.com")) {
      assertThat(rights.may("get", definitions, Place.EVERYWHERE.only(other))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "edit"})
  void whoeverEditsANamespaceEditsItsPolicies(String role, Installation installation) {
    expectOfOurs(
        role,
        installation,
        "in NAMESPACE: taskstoragepolicies of taskstorage.io: "
            + "get, list, watch, create, update, patch, delete, deletecollection");
  }

  @Test
  void whoeverViewsANamespaceViewsItsPolicies(Installation installation) {
    expectOfOurs(
        "view",
        installation,
        "in NAMESPACE: taskstoragepolicies of taskstorage.io: get, list, watch");
  }

  /** Expects what somebody may do with our resources who has {@code role} in one namespace. */
  private static void expectOfOurs(String role, Installation installation, String allowed) {
    // Given
    KubernetesClient client = installation.client();
    String namespace = installation.server().createNamespace("rights-of-" + role);
    Account account = Account.person("somebody-with-" + role);
    bind(client, namespace, role, account);
    Rights rights = new Rights(client, account, Place.in(namespace), OWN, ELSEWHERE);
    List<Resource> ours =
        Resource.all(client).stream()
            .filter(resource -> resource.group().equals("taskstorage.io"))
            .toList();
    // Then: the controller manager copies our rules into the server's roles in its own time.
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(rights.to(ours))
                    .extracting(line -> line.replace(namespace, "NAMESPACE"))
                    .containsExactly(allowed));
    client.namespaces().withName(namespace).delete();
  }

  private static void bind(
      KubernetesClient client, String namespace, String role, Account account) {
    RoleBinding binding =
        new RoleBindingBuilder()
            .withNewMetadata()
            .withName(role)
            .withNamespace(namespace)
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
            .addNewSubject("rbac.authorization.k8s.io", "User", account.user(), "")
            .build();
    client.rbac().roleBindings().inNamespace(namespace).resource(binding).create();
  }
}
