package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.ClusterPods;
import io.taskstorage.api.v1alpha1.ClusterPolicySubject;
import io.taskstorage.api.v1alpha1.HostProcesses;
import io.taskstorage.api.v1alpha1.LabelSelector;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Judges the subject of a cluster policy. */
final class SubjectAcceptance {

  private static final int MAX_NAMES = 16;
  private static final int MAX_CONTAINER_NAME_CHARACTERS = 63;

  private final Problems problems;
  private final SelectorAcceptance selectors;

  SubjectAcceptance(Problems problems) {
    this.problems = problems;
    this.selectors = new SelectorAcceptance(problems);
  }

  /** The subject; what it holds counts only if no problem was found. */
  Optional<Subject> judge(@Nullable ClusterPolicySubject subject) {
    if (subject == null) {
      problems.missing("spec.subject", "add pods or hostProcesses");
      return Optional.empty();
    }
    problems.refuseUnknown("spec.subject", subject);
    ClusterPods pods = subject.pods();
    HostProcesses host = subject.hostProcesses();
    if (pods != null && host != null) {
      problems.invalid("spec.subject", "both pods and hostProcesses: write one policy for each");
    } else if (pods == null && host == null && subject.unknownFields().isEmpty()) {
      problems.invalid("spec.subject", "neither pods nor hostProcesses: add exactly one");
    }
    Optional<Subject> onHosts = Optional.ofNullable(host).map(this::judge);
    Optional<Subject> inPods = Optional.ofNullable(pods).map(this::judge);
    return onHosts.or(() -> inPods);
  }

  private Subject judge(ClusterPods pods) {
    String path = "spec.subject.pods";
    problems.refuseUnknown(path, pods);
    if (pods.namespaceSelector() == null) {
      problems.missing(path + ".namespaceSelector", "add one, {} takes all namespaces");
    }
    selectors.judge(pods.namespaceSelector(), path + ".namespaceSelector");
    selectors.judge(pods.podSelector(), path + ".podSelector");
    judgeNames(
        pods.containerNames(),
        path + ".containerNames",
        name ->
            name.isEmpty() || name.length() > MAX_CONTAINER_NAME_CHARACTERS
                ? Optional.of(
                    "a name of %d characters: container names have 1 to %d"
                        .formatted(name.length(), MAX_CONTAINER_NAME_CHARACTERS))
                : Optional.empty());
    problems.warn(path, "selects nothing where no cluster tells of pods");
    return new Subject.Pods(
        Optional.ofNullable(pods.namespaceSelector()),
        Objects.requireNonNullElse(pods.podSelector(), LabelSelector.EVERYTHING),
        Objects.requireNonNullElse(pods.containerNames(), List.of()));
  }

  private Subject judge(HostProcesses host) {
    String path = "spec.subject.hostProcesses";
    problems.refuseUnknown(path, host);
    selectors.judge(host.nodeSelector(), path + ".nodeSelector");
    if (host.systemdUnits() == null
        && host.cgroupPaths() == null
        && host.unknownFields().isEmpty()) {
      problems.invalid(path, "neither systemdUnits nor cgroupPaths: add at least one of the two");
    }
    judgeNames(host.systemdUnits(), path + ".systemdUnits", UnitName::problem);
    judgeNames(host.cgroupPaths(), path + ".cgroupPaths", CgroupPath::problem);
    return new Subject.HostProcesses(
        Objects.requireNonNullElse(host.nodeSelector(), LabelSelector.EVERYTHING),
        Objects.requireNonNullElse(host.systemdUnits(), List.of()),
        Objects.requireNonNullElse(host.cgroupPaths(), List.of()));
  }

  private void judgeNames(
      @Nullable List<String> names, String path, Function<String, Optional<String>> problem) {
    if (names == null) {
      return;
    }
    if (names.isEmpty()) {
      problems.invalid(path, "an empty list selects nothing: add an element, or remove the list");
    }
    problems.atMost(MAX_NAMES, names.size(), "elements", path);
    problems.noneTwice(path, names);
    for (int i = 0; i < names.size(); i++) {
      String at = "%s[%d]".formatted(path, i);
      problem.apply(names.get(i)).ifPresent(message -> problems.invalid(at, message));
    }
  }
}
