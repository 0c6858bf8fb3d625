package io.taskstorage.oracle;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.taskstorage.api.v1alpha1.AllowedNamespaces;
import io.taskstorage.api.v1alpha1.AllowedPolicies;
import io.taskstorage.api.v1alpha1.Cel;
import io.taskstorage.api.v1alpha1.ClusterPods;
import io.taskstorage.api.v1alpha1.ClusterPolicySubject;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.FieldRef;
import io.taskstorage.api.v1alpha1.HostProcesses;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.LabelSelectorRequirement;
import io.taskstorage.api.v1alpha1.Pods;
import io.taskstorage.api.v1alpha1.PolicySubject;
import io.taskstorage.api.v1alpha1.PolicyValue;
import io.taskstorage.api.v1alpha1.StructField;
import io.taskstorage.api.v1alpha1.TargetRef;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.api.v1alpha1.TaskStorageMapSpec;
import io.taskstorage.api.v1alpha1.TaskStoragePolicy;
import io.taskstorage.api.v1alpha1.TaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.ValueFrom;
import io.taskstorage.api.v1alpha1.ValueStruct;
import io.taskstorage.oracle.World.PlainPod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Worlds of few names, so that policies meet, tie and override each other all the time. */
public final class RandomWorld {

  private static final Map<String, Object> NONE = Map.of();
  private static final List<String> NAMESPACES = List.of("shop", "shop-a", "lab");
  private static final List<String> KEYS = List.of("app", "tier", "n");
  private static final List<String> VALUES = List.of("", "a", "b", "3", "300");
  private static final List<String> CONTAINERS = List.of("init", "mesh", "server", "debug");
  private static final List<String> FIELDS = List.of("small", "wide", "text", "flag");

  private final Random random;

  private RandomWorld(long seed) {
    this.random = new Random(seed);
  }

  /** The world of this seed. */
  public static World of(long seed) {
    return new RandomWorld(seed).world();
  }

  private World world() {
    Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
    NAMESPACES.forEach(name -> namespaces.put(name, labels()));
    List<TaskStorageMap> maps = List.of(map("one"), map("two"));
    List<ClusterTaskStoragePolicy> cluster = new ArrayList<>();
    List<TaskStoragePolicy> policies = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = random.nextInt(9); i > 0; i--) {
      String name = one(List.of("a", "a-b", "a.b", "b", "c"));
      String namespace = random.nextBoolean() ? "" : one(NAMESPACES);
      if (!names.add(namespace + "/" + name)) {
        continue;
      }
      if (namespace.isEmpty()) {
        cluster.add(clusterPolicy(name));
      } else {
        policies.add(policy(namespace, name));
      }
    }
    List<PlainPod> pods = IntStream.range(0, 3).mapToObj(this::pod).toList();
    return new World(maps, cluster, policies, namespaces, pods);
  }

  private TaskStorageMap map(String name) {
    List<StructField> fields =
        List.of(
            new StructField("small", "U8", null, null, NONE),
            new StructField("wide", "U32", null, null, NONE),
            new StructField("text", "Char", 8, null, NONE),
            new StructField("flag", "Bool", null, null, NONE));
    String from = one(List.of("All", "Selector", "Selector", "None"));
    AllowedNamespaces namespaces =
        new AllowedNamespaces(from, from.equals("Selector") ? selector() : null, NONE);
    TaskStorageMap map = new TaskStorageMap();
    map.setMetadata(new ObjectMetaBuilder().withName(name).build());
    map.setSpec(
        new TaskStorageMapSpec(
            name,
            new ValueStruct(name, fields, NONE),
            null,
            null,
            null,
            random.nextInt(4) == 0 ? null : new AllowedPolicies(namespaces, some(FIELDS), NONE),
            NONE));
    return map;
  }

  private ClusterTaskStoragePolicy clusterPolicy(String name) {
    boolean onHosts = random.nextInt(4) == 0;
    ClusterPods pods =
        new ClusterPods(
            selector(), random.nextBoolean() ? selector() : null, containerNames(), NONE);
    HostProcesses host =
        new HostProcesses(
            random.nextBoolean() ? nodeSelector() : null,
            List.of("a.service"),
            List.of(one(List.of("/batch", "/batch/night"))),
            NONE);
    ClusterTaskStoragePolicy policy = new ClusterTaskStoragePolicy();
    policy.setMetadata(new ObjectMetaBuilder().withName(name).build());
    policy.setSpec(
        new ClusterTaskStoragePolicySpec(
            target(),
            one(List.of("Admin", "Baseline")),
            one(List.of(0, 500, 1000)),
            new ClusterPolicySubject(onHosts ? null : pods, onHosts ? host : null, NONE),
            values(!onHosts),
            NONE));
    return policy;
  }

  private TaskStoragePolicy policy(String namespace, String name) {
    TaskStoragePolicy policy = new TaskStoragePolicy();
    policy.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    policy.setSpec(
        new TaskStoragePolicySpec(
            target(),
            one(List.of(0, 500, -1)) < 0 ? null : one(List.of(0, 500)),
            new PolicySubject(new Pods(selector(), containerNames(), NONE), NONE),
            values(true),
            NONE));
    return policy;
  }

  private List<TargetRef> target() {
    return List.of(
        new TargetRef("taskstorage.io", "TaskStorageMap", one(List.of("one", "two")), NONE));
  }

  private List<PolicyValue> values(boolean ofPods) {
    List<PolicyValue> values = new ArrayList<>();
    List<String> fields = some(FIELDS);
    for (String field : fields.isEmpty() ? List.of(one(FIELDS)) : fields) {
      values.add(value(field, ofPods && random.nextBoolean()));
    }
    return values;
  }

  private PolicyValue value(String field, boolean computed) {
    if (!computed) {
      String literal =
          switch (field) {
            case "small" -> "" + random.nextInt(256);
            case "wide" -> "" + random.nextInt(1_000_000);
            case "flag" -> "" + random.nextBoolean();
            default -> one(List.of("", "x", "seven77"));
          };
      return new PolicyValue(field, literal, null, NONE);
    }
    boolean isCel = random.nextBoolean();
    List<String> expressions = Oracle.expressions(field);
    ValueFrom from =
        isCel
            ? new ValueFrom(null, new Cel(one(expressions), NONE), NONE)
            : new ValueFrom(new FieldRef(one(List.copyOf(Oracle.FIELD_PATHS)), NONE), null, NONE);
    return new PolicyValue(field, null, from, NONE);
  }

  private PlainPod pod(int index) {
    return new PlainPod(
        one(NAMESPACES),
        one(List.of("web-0", "db", "a-long-name")),
        "uid-" + index,
        labels(),
        labels(),
        one(List.of("default", "runner")),
        some(CONTAINERS));
  }

  private @Nullable List<String> containerNames() {
    List<String> names = some(CONTAINERS);
    return names.isEmpty() || random.nextBoolean() ? null : names;
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    some(KEYS).forEach(key -> labels.put(key, one(VALUES)));
    return labels;
  }

  private LabelSelector nodeSelector() {
    return new LabelSelector(Map.of("role", one(List.of("db", "web"))), null, NONE);
  }

  private LabelSelector selector() {
    if (random.nextInt(3) == 0) {
      return new LabelSelector(null, null, NONE);
    }
    Map<String, String> labels = random.nextInt(3) == 0 ? Map.of(one(KEYS), one(VALUES)) : Map.of();
    List<LabelSelectorRequirement> requirements = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String operator = one(List.of("In", "NotIn", "Exists", "DoesNotExist"));
      boolean compares = operator.endsWith("In");
      requirements.add(
          new LabelSelectorRequirement(
              one(KEYS), operator, compares ? List.of(one(VALUES), one(VALUES)) : null, NONE));
    }
    return new LabelSelector(labels, requirements, NONE);
  }

  private <T> List<T> some(List<T> from) {
    return from.stream().filter(_ -> random.nextBoolean()).toList();
  }

  private <T> T one(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
