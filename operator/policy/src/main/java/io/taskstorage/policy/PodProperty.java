package io.taskstorage.policy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One property of a pod, named as in the downward API.
 *
 * @param kind which one
 * @param key the key of a label or annotation; empty for the others
 */
public record PodProperty(Kind kind, String key) {

  private static final Pattern KEYED =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^'\\\\]{1,317})'\\]");

  /** The properties that there are. */
  public enum Kind {
    /** The pod's name. */
    NAME("metadata.name"),
    /** The pod's namespace. */
    NAMESPACE("metadata.namespace"),
    /** The pod's UID. */
    UID("metadata.uid"),
    /** The node that the pod is bound to. */
    NODE_NAME("spec.nodeName"),
    /** The account that the pod runs as. */
    SERVICE_ACCOUNT_NAME("spec.serviceAccountName"),
    /** One label. */
    LABEL("metadata.labels"),
    /** One annotation. */
    ANNOTATION("metadata.annotations");

    private final String path;

    Kind(String path) {
      this.path = path;
    }
  }

  /** The property that a field path names; empty if it names none. */
  public static Optional<PodProperty> parse(String fieldPath) {
    Matcher keyed = KEYED.matcher(fieldPath);
    if (keyed.matches()) {
      Kind kind = keyed.group(1).equals("labels") ? Kind.LABEL : Kind.ANNOTATION;
      return Optional.of(new PodProperty(kind, keyed.group(2)));
    }
    for (Kind kind : Kind.values()) {
      if (kind.path.equals(fieldPath) && !isKeyed(kind)) {
        return Optional.of(new PodProperty(kind, ""));
      }
    }
    return Optional.empty();
  }

  /** The pod's value; empty if it has no such label or annotation. */
  Optional<String> of(PodFacts pod) {
    return switch (kind) {
      case NAME -> Optional.of(pod.name());
      case NAMESPACE -> Optional.of(pod.namespace());
      case UID -> Optional.of(pod.uid());
      case NODE_NAME -> Optional.of(pod.nodeName());
      case SERVICE_ACCOUNT_NAME -> Optional.of(pod.serviceAccountName());
      case LABEL -> Optional.ofNullable(pod.labels().get(key));
      case ANNOTATION -> Optional.ofNullable(pod.annotations().get(key));
    };
  }

  /** True for what whoever may edit the pod may change at any time. */
  boolean isOwnersToChange() {
    return isKeyed(kind);
  }

  private static boolean isKeyed(Kind kind) {
    return kind == Kind.LABEL || kind == Kind.ANNOTATION;
  }

  /** The field path, for people: a key that cannot be shown is only described. */
  @Override
  public String toString() {
    return isKeyed(kind) ? "%s['%s']".formatted(kind.path, Quote.name(key)) : kind.path;
  }
}
