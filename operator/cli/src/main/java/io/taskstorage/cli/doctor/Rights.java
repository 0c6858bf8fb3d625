package io.taskstorage.cli.doctor;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Finding;
import java.util.ArrayList;
import java.util.List;

/** Whether an account may do what its program does: asked of the cluster's own authorizers. */
final class Rights {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String OURS = "taskstorage.io";
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final List<String> KINDS =
      List.of("taskstoragemaps", "clustertaskstoragepolicies", "taskstoragepolicies");
  private static final List<String> OF_CLUSTER = List.of("namespaces", "nodes");

  /**
   * What an account needs.
   *
   * @param resource with its subresource, as roles name it
   * @param namespace empty = everywhere
   * @param name of the one object that it is about; empty = any
   */
  private record Need(
      String group, String resource, String namespace, String name, List<String> verbs) {
    /** Of any object, everywhere. */
    Need(String group, String resource, List<String> verbs) {
      this(group, resource, "", "", verbs);
    }
  }

  private Rights() {}

  static Finding ofAgents(ApiConnection api, String systemNamespace) {
    List<Need> needs = reading();
    needs.add(new Need("", "pods", READ));
    needs.add(new Need(OURS, "taskstoragenodestates", List.of("get")));
    needs.add(new Need(OURS, "taskstoragenodestates/status", List.of("patch", "update")));
    KINDS.forEach(
        kind ->
            needs.add(
                new Need(
                    "apiextensions.k8s.io",
                    "customresourcedefinitions",
                    "",
                    kind + "." + OURS,
                    List.of("get"))));
    return of(api, systemNamespace, "taskstorage-agent", needs);
  }

  static Finding ofController(ApiConnection api, String systemNamespace) {
    List<Need> needs = reading();
    needs.add(new Need("", "pods", List.of("list")));
    needs.add(new Need("", "pods", systemNamespace, "", List.of("watch")));
    KINDS.forEach(kind -> needs.add(new Need(OURS, kind + "/status", List.of("patch", "update"))));
    needs.add(
        new Need(
            OURS, "taskstoragenodestates", List.of("get", "list", "watch", "create", "delete")));
    needs.add(new Need("events.k8s.io", "events", List.of("create", "patch")));
    String locks = "coordination.k8s.io";
    needs.add(new Need(locks, "leases", systemNamespace, "", List.of("create")));
    needs.add(new Need(locks, "leases", systemNamespace, Leader.LEASE, List.of("get", "update")));
    return of(api, systemNamespace, Leader.LEASE, needs);
  }

  private static List<Need> reading() {
    List<Need> needs = new ArrayList<>();
    KINDS.forEach(kind -> needs.add(new Need(OURS, kind, READ)));
    OF_CLUSTER.forEach(kind -> needs.add(new Need("", kind, READ)));
    return needs;
  }

  private static Finding of(
      ApiConnection api, String systemNamespace, String account, List<Need> needs) {
    String user = "system:serviceaccount:%s:%s".formatted(systemNamespace, account);
    List<String> lacking = new ArrayList<>();
    for (Need need : needs) {
      List<String> refused = new ArrayList<>();
      for (String verb : need.verbs()) {
        boolean[] allowed = {false};
        Answer answer =
            api.ask(
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                review(user, systemNamespace, need, verb).toString(),
                said -> allowed[0] = said.at("/status/allowed").asBoolean());
        if (answer instanceof Answer.Forbidden(CommandFailure failure)) {
          return new Finding.Unknown(String.valueOf(failure.getMessage()));
        }
        if (!allowed[0]) {
          refused.add(verb);
        }
      }
      if (!refused.isEmpty()) {
        lacking.add(
            "%s %s %s".formatted(String.join("/", refused), need.resource(), need.name()).strip());
      }
    }
    return lacking.isEmpty()
        ? new Finding.Yes("%s may do all that it needs".formatted(user))
        : new Finding.No(
            "%s may not: %s".formatted(user, String.join(", ", lacking)),
            "kubectl apply --server-side -k operator/deploy/base");
  }

  private static ObjectNode review(String user, String systemNamespace, Need need, String verb) {
    ObjectNode review = MAPPER.createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec").put("user", user);
    spec.putArray("groups")
        .add("system:serviceaccounts")
        .add("system:serviceaccounts:" + systemNamespace)
        .add("system:authenticated");
    String[] resource = need.resource().split("/", 2);
    ObjectNode attributes =
        spec.putObject("resourceAttributes")
            .put("group", need.group())
            .put("resource", resource[0])
            .put("verb", verb);
    if (resource.length > 1) {
      attributes.put("subresource", resource[1]);
    }
    if (!need.namespace().isEmpty()) {
      attributes.put("namespace", need.namespace());
    }
    if (!need.name().isEmpty()) {
      attributes.put("name", need.name());
    }
    return review;
  }
}
