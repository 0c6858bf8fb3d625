package io.taskstorage.policy;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.taskstorage.api.v1alpha1.AllowedNamespaces;
import io.taskstorage.api.v1alpha1.AllowedPolicies;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapSpec;
import io.taskstorage.api.v1alpha1.ValueStruct;
import io.taskstorage.layout.StructLayout;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges one map by itself, without looking at other objects. */
final class MapAcceptance {

  /** The largest value that every kernel takes; from 6.19 on larger entries are refused. */
  private static final int PORTABLE_VALUE_BYTES = 8120;

  private static final int MAX_FIELDS = 64;

  /** 15 characters and a NUL are BPF_OBJ_NAME_LEN; the kernel would take dots, bpffs does not. */
  private static final Pattern BPF_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,14}");

  private static final Pattern PERCENTAGE = Pattern.compile("(100|[1-9]?[0-9])%");

  private final Problems problems = new Problems();
  private final SelectorAcceptance selectors = new SelectorAcceptance(problems);

  private MapAcceptance() {}

  static Verdict<AcceptedMap> judge(TaskStorageMap map) {
    return new MapAcceptance().verdict(map);
  }

  private Verdict<AcceptedMap> verdict(TaskStorageMap map) {
    String name = map.getMetadata().getName();
    ObjectName.judgeMap(name, "metadata.name", problems);
    TaskStorageMapSpec spec = map.getSpec();
    if (spec == null) {
      problems.missing("spec", "add bpfName and value");
      return problems.refused();
    }
    problems.refuseUnknown("spec", spec);
    judgeBpfName(spec.bpfName());
    Optional<StructLayout> layout = judgeValue(spec.value());
    selectors.judge(spec.nodeSelector(), "spec.nodeSelector");
    Optional<ReclaimPolicy> reclaim = judgeReclaimPolicy(spec.reclaimPolicy());
    judgeMaxFailedNodes(spec.maxFailedNodes());
    judgeAllowedPolicies(spec.allowedPolicies(), spec.value());
    if (!problems.isEmpty()) {
      return problems.refused();
    }
    return problems.accepted(
        new AcceptedMap(
            name,
            Objects.requireNonNull(spec.bpfName()),
            layout.orElseThrow(),
            Objects.requireNonNullElse(spec.nodeSelector(), LabelSelector.EVERYTHING),
            reclaim.orElseThrow(),
            namespaceRule(spec.allowedPolicies()),
            delegated(spec.allowedPolicies()),
            Objects.requireNonNullElse(map.getMetadata().getGeneration(), 0L)));
  }

  private void judgeBpfName(@Nullable String bpfName) {
    String rule = "1 to 15 letters, digits and _, not beginning with a digit";
    if (bpfName == null) {
      problems.missing("spec.bpfName", "give the kernel's map a name of " + rule);
    } else if (!BPF_NAME.matcher(bpfName).matches()) {
      problems.invalid(
          "spec.bpfName", "%s cannot be pinned: use %s".formatted(Quote.text(bpfName), rule));
    }
  }

  private Optional<StructLayout> judgeValue(@Nullable ValueStruct value) {
    if (value == null) {
      problems.missing("spec.value", "add typeName and fields");
      return Optional.empty();
    }
    Optional<StructLayout> layout = LayoutAcceptance.judge(value, problems);
    layout
        .filter(l -> l.sizeBytes() > PORTABLE_VALUE_BYTES)
        .ifPresent(
            l ->
                problems.warn(
                    "spec.value",
                    "%d bytes: kernels from 6.19 on refuse values above %d"
                        .formatted(l.sizeBytes(), PORTABLE_VALUE_BYTES)));
    return layout;
  }

  private Optional<ReclaimPolicy> judgeReclaimPolicy(@Nullable String text) {
    if (text == null) {
      return Optional.of(ReclaimPolicy.DELETE);
    }
    Optional<ReclaimPolicy> known = ReclaimPolicy.ofWireName(text);
    if (known.isEmpty()) {
      problems.unknownWord("spec.reclaimPolicy", text, List.of("Delete", "Retain"));
    }
    return known;
  }

  private void judgeMaxFailedNodes(@Nullable IntOrString bound) {
    if (bound == null) {
      return;
    }
    boolean good =
        bound.getStrVal() != null
            ? PERCENTAGE.matcher(bound.getStrVal()).matches()
            : bound.getIntVal() != null && bound.getIntVal() >= 0;
    if (!good) {
      Object shown = bound.getStrVal() != null ? Quote.text(bound.getStrVal()) : bound.getIntVal();
      problems.invalid(
          "spec.maxFailedNodes",
          shown + " bounds nothing: use a number from 0, or a percentage from \"0%\" to \"100%\"");
    }
  }

  private void judgeAllowedPolicies(
      @Nullable AllowedPolicies allowed, @Nullable ValueStruct value) {
    if (allowed == null) {
      return;
    }
    String path = "spec.allowedPolicies";
    problems.refuseUnknown(path, allowed);
    judgeNamespaces(allowed.namespaces(), path + ".namespaces");
    List<String> fields = Objects.requireNonNullElse(allowed.fields(), List.of());
    problems.atMost(MAX_FIELDS, fields.size(), "fields", path + ".fields");
    problems.noneTwice(path + ".fields", fields);
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      if (value != null && LayoutAcceptance.fields(value).noneMatch(f -> field.equals(f.name()))) {
        problems.invalid(
            "%s.fields[%d]".formatted(path, i),
            Quote.text(field) + " is no field of spec.value: name one of value.fields");
      }
    }
  }

  private static NamespaceRule namespaceRule(@Nullable AllowedPolicies allowed) {
    AllowedNamespaces namespaces = allowed == null ? null : allowed.namespaces();
    String from = namespaces == null ? null : namespaces.from();
    LabelSelector selector = namespaces == null ? null : namespaces.selector();
    if (selector != null) {
      return new NamespaceRule.Labelled(selector);
    }
    return "All".equals(from) ? new NamespaceRule.All() : new NamespaceRule.None();
  }

  private static Set<String> delegated(@Nullable AllowedPolicies allowed) {
    return allowed == null || allowed.fields() == null ? Set.of() : Set.copyOf(allowed.fields());
  }

  private void judgeNamespaces(@Nullable AllowedNamespaces namespaces, String path) {
    if (namespaces == null) {
      return;
    }
    problems.refuseUnknown(path, namespaces);
    String from = Objects.requireNonNullElse(namespaces.from(), "None");
    boolean selecting = from.equals("Selector");
    if (!selecting && !from.equals("All") && !from.equals("None")) {
      problems.unknownWord(path + ".from", from, List.of("All", "Selector", "None"));
    } else if (selecting && namespaces.selector() == null) {
      problems.missing(path + ".selector", "from: Selector needs one, {} takes all namespaces");
    } else if (!selecting && namespaces.selector() != null) {
      problems.invalid(
          path + ".selector", "counts only with from: Selector: add that, or remove this");
    }
    selectors.judge(namespaces.selector(), path + ".selector");
  }
}
