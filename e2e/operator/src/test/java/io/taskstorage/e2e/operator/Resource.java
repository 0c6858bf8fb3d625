package io.taskstorage.e2e.operator;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A resource that rights are about.
 *
 * @param group its API group; empty for the core group
 * @param name its plural, with the subresource after a slash
 * @param namespaced whether its objects are in namespaces
 */
record Resource(String group, String name, boolean namespaced) {

  /** What rights are about and no server lists. */
  private static final List<Resource> UNLISTED =
      List.of(
          new Resource("", "users", false),
          new Resource("", "groups", false),
          new Resource("authentication.k8s.io", "uids", false),
          new Resource("authentication.k8s.io", "userextras/scopes", false),
          new Resource("certificates.k8s.io", "signers", false),
          new Resource("*", "*", false));

  /** Everything that the server serves, and what has rights without being served. */
  static List<Resource> all(KubernetesClient client) {
    Stream<Resource> core = of(client.getApiResources("v1"));
    Stream<Resource> others =
        client.getApiGroups().getGroups().stream()
            .flatMap(group -> group.getVersions().stream())
            .flatMap(version -> of(client.getApiResources(version.getGroupVersion())));
    return Stream.of(core, others, UNLISTED.stream())
        .flatMap(resources -> resources)
        .distinct()
        .sorted(Comparator.comparing(Resource::group).thenComparing(Resource::name))
        .toList();
  }

  private static Stream<Resource> of(APIResourceList list) {
    String groupVersion = list.getGroupVersion();
    String group =
        groupVersion.contains("/") ? groupVersion.substring(0, groupVersion.indexOf('/')) : "";
    return list.getResources().stream().map(resource -> of(group, resource));
  }

  private static Resource of(String group, APIResource resource) {
    return new Resource(group, resource.getName(), resource.getNamespaced());
  }

  String plural() {
    return name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
  }

  String subresource() {
    return name.contains("/") ? name.substring(name.indexOf('/') + 1) : "";
  }

  @Override
  public String toString() {
    return group.isEmpty() ? name : name + " of " + group;
  }
}
