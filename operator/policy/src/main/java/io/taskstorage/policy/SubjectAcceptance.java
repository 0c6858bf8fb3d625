package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.ClusterPods;
import io.taskstorage.api.v1alpha1.ClusterPolicySubject;
import io.taskstorage.api.v1alpha1.HostProcesses;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.Pods;
import io.taskstorage.api.v1alpha1.PolicySubject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Judges the subject of a policy of either kind. */
final class SubjectAcceptance {

  private static final String PODS = "spec.subject.pods";
  private static final int MAX_NAMES = 16;

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

  /** The subject of a namespaced policy; what it holds counts only if no problem was found. */
  Optional<Subject> judge(@Nullable PolicySubject subject) {
    if (subject == null) {
      problems.missing("spec.subject", "add pods");
      return Optional.empty();
    }
    problems.refuseUnknown("spec.subject", subject);
    if (subject.pods() == null && subject.unknownFields().isEmpty()) {
      problems.missing(PODS, "add podSelector, {} takes all pods of the namespace");
    }
    return Optional.ofNullable(subject.pods()).map(this::judge);
  }

  private Subject judge(Pods pods) {
    problems.refuseUnknown(PODS, pods);
    if (pods.podSelector() == null) {
      problems.missing(PODS + ".podSelector", "add one, {} takes all pods of the namespace");
    }
    selectors.judge(pods.podSelector(), PODS + ".podSelector");
    judgeContainerNames(pods.containerNames());
    return new Subject.Pods(
        Optional.empty(),
        Objects.requireNonNullElse(pods.podSelector(), LabelSelector.EVERYTHING),
        Objects.requireNonNullElse(pods.containerNames(), List.of()));
  }

  private Subject judge(ClusterPods pods) {
    problems.refuseUnknown(PODS, pods);
    if (pods.namespaceSelector() == null) {
      problems.missing(PODS + ".namespaceSelector", "add one, {} takes all namespaces");
    }
    selectors.judge(pods.namespaceSelector(), PODS + ".namespaceSelector");
    selectors.judge(pods.podSelector(), PODS + ".podSelector");
    judgeContainerNames(pods.containerNames());
    return new Subject.Pods(
        Optional.ofNullable(pods.namespaceSelector()),
        Objects.requireNonNullElse(pods.podSelector(), LabelSelector.EVERYTHING),
        Objects.requireNonNullElse(pods.containerNames(), List.of()));
  }

  private void judgeContainerNames(@Nullable List<String> names) {
    judgeNames(names, PODS + ".containerNames", ObjectName::containerProblem);
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
