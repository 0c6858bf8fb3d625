package io.taskstorage.e2e.operator;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * What an account may do, asked of the server's authorizer cell by cell: every verb, for every
 * resource, everywhere, in the places given, and there for one name.
 */
final class Rights {

  private static final List<String> VERBS =
      List.of(
          "get",
          "list",
          "watch",
          "create",
          "update",
          "patch",
          "delete",
          "deletecollection",
          "impersonate",
          "bind",
          "escalate",
          "approve",
          "sign",
          "attest",
          "*");

  /** What is asked of paths that are no resources. */
  private static final List<String> HTTP_VERBS =
      List.of("get", "head", "options", "post", "put", "patch", "delete", "*");

  /** As many requests at a time as do not queue at the server. */
  private static final int AT_ONCE = 8;

  private final KubernetesClient client;
  private final Account account;
  private final List<Place> places;

  /** What {@code account} may do everywhere, or else in one of {@code places}. */
  Rights(KubernetesClient client, Account account, Place... places) {
    this.client = client;
    this.account = account;
    this.places = List.of(places);
  }

  /**
   * Where something may be done.
   *
   * @param namespace empty for everywhere
   * @param object the one object; empty for all
   */
  record Place(String namespace, String object) {
    static final Place EVERYWHERE = new Place("", "");

    static Place in(String namespace) {
      return new Place(namespace, "");
    }

    Place only(String name) {
      return new Place(namespace, name);
    }

    @Override
    public String toString() {
      return (namespace.isEmpty() ? "everywhere" : "in " + namespace)
          + (object.isEmpty() ? "" : " for " + object);
    }
  }

  /** One line per path of the server, with the verbs that are allowed there. */
  List<String> toPaths(List<String> paths) {
    return paths.stream()
        .map(
            path -> {
              List<String> allowed =
                  HTTP_VERBS.stream().filter(verb -> mayAtPath(verb, path)).toList();
              return allowed.isEmpty() ? "" : path + ": " + String.join(", ", allowed);
            })
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private boolean mayAtPath(String verb, String path) {
    return isAllowed(
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(account.user())
            .withGroups(account.groups())
            .withNewNonResourceAttributes(path, verb)
            .endSpec()
            .build());
  }

  private boolean isAllowed(SubjectAccessReview review) {
    SubjectAccessReview answer = client.authorization().v1().subjectAccessReview().create(review);
    return answer.getStatus().getAllowed();
  }

  /** One line per resource and place, with the verbs that are allowed there; sorted. */
  List<String> to(List<Resource> resources) {
    try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<List<String>>> asked =
          resources.stream().map(resource -> executor.submit(() -> lines(resource))).toList();
      List<String> lines = new ArrayList<>();
      for (Future<List<String>> answer : asked) {
        lines.addAll(answer.get());
      }
      return lines.stream().sorted().toList();
    } catch (ExecutionException e) {
      throw new AssertionError("ask for the rights of " + account.user(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private List<String> lines(Resource resource) {
    Map<Place, List<String>> allowed = new LinkedHashMap<>();
    for (String verb : VERBS) {
      for (Place place : allowing(verb, resource)) {
        allowed.computeIfAbsent(place, key -> new ArrayList<>()).add(verb);
      }
    }
    return allowed.entrySet().stream()
        .map(entry -> line(entry.getKey(), resource, entry.getValue()))
        .toList();
  }

  private static String line(Place place, Resource resource, List<String> verbs) {
    return "%s: %s: %s"
        .formatted(place, resource, verbs.stream().collect(Collectors.joining(", ")));
  }

  /** Everywhere, or else each of the places. */
  private List<Place> allowing(String verb, Resource resource) {
    if (may(verb, resource, Place.EVERYWHERE)) {
      return List.of(Place.EVERYWHERE);
    }
    return resource.namespaced()
        ? places.stream().filter(place -> may(verb, resource, place)).toList()
        : List.of();
  }

  /** Whether the account may do one thing. */
  boolean may(String verb, Resource resource, Place place) {
    ResourceAttributes attributes =
        new ResourceAttributesBuilder()
            .withVerb(verb)
            .withGroup(resource.group())
            .withResource(resource.plural())
            .withSubresource(resource.subresource())
            .withNamespace(place.namespace())
            .withName(place.object())
            .build();
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(account.user())
            .withGroups(account.groups())
            .withResourceAttributes(attributes)
            .endSpec()
            .build();
    return isAllowed(review);
  }
}
