package io.taskstorage.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for {@code metadata}, which the API server applies before any schema. */
final class ObjectName {

  static final int MAX_MAP_CHARACTERS = 63;
  private static final int MAX_POLICY_CHARACTERS = 253;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private ObjectName() {}

  /** A map's name, which policies must be able to say in targetRefs; true if it is good. */
  static boolean judgeMap(String name, String path, Problems problems) {
    boolean good = name.length() <= MAX_MAP_CHARACTERS && LABEL.matcher(name).matches();
    if (!good) {
      problems.invalid(
          path,
          Quote.text(name)
              + " is no name of a map: use at most 63 of a-z, 0-9 and -,"
              + " with a letter or digit at both ends");
    }
    return good;
  }

  /** Why no container has this name. */
  static Optional<String> containerProblem(String name) {
    boolean good = name.length() <= MAX_MAP_CHARACTERS && LABEL.matcher(name).matches();
    return good
        ? Optional.empty()
        : Optional.of(
            Quote.text(name)
                + " is no name of a container: use 1 to 63 of a-z, 0-9 and -,"
                + " with a letter or digit at both ends");
  }

  /** The namespace of an object. */
  static void judgeNamespace(String namespace, Problems problems) {
    if (namespace.length() > MAX_MAP_CHARACTERS || !LABEL.matcher(namespace).matches()) {
      problems.invalid(
          "metadata.namespace",
          Quote.text(namespace)
              + " is no name of a namespace: use at most 63 of a-z, 0-9 and -,"
              + " with a letter or digit at both ends");
    }
  }

  /** A policy's name: what the API server allows for any object. */
  static void judgePolicy(String name, Problems problems) {
    if (name.length() > MAX_POLICY_CHARACTERS || !SUBDOMAIN.matcher(name).matches()) {
      problems.invalid(
          "metadata.name",
          Quote.text(name)
              + " is no name of an object: use at most 253 of a-z, 0-9, - and .,"
              + " with a letter or digit at both ends of each part");
    }
  }
}
