package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.StructLayout;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods and containers a policy selects, and what of them becomes a value. */
class PodSubjectTest {

  private static final NodeFacts NODE = new NodeFacts("n", Map.of());
  private static final PodFacts WEB =
      Pods.pod("shop", "web", Map.of("app", "web", "n", "300"), Map.of("note", "secret-text"));
  private static final LabelSelector ALL = LabelSelector.EVERYTHING;

  @Test
  void policyWithoutContainersSelectsThePod() {
    // Given
    AcceptedPolicy policy = cluster(ALL, ALL);
    // Then
    assertThat(selects(policy, new SubjectFacts.Pod(WEB))).isTrue();
    assertThat(selects(policy, Pods.container(WEB, "server"))).isFalse();
    assertThat(selecting(policy, Pods.container(WEB, "server"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"setup", "mesh", "server", "debug"})
  void containersOfEveryKindAreSelectedByName(String name) {
    // Given
    AcceptedPolicy policy = cluster(ALL, ALL, "other", name);
    // Then
    assertThat(selects(policy, Pods.container(WEB, name))).isTrue();
    assertThat(selecting(policy, Pods.container(WEB, name))).isTrue();
    assertThat(selects(policy, new SubjectFacts.Pod(WEB))).isFalse();
    assertThat(
            WEB.containers().stream()
                .filter(container -> selects(policy, Pods.container(WEB, container.name()))))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"shop, web, true", "lab, web, false", "shop, db, false", "lab, db, false"})
  void namespaceAndPodSelectorsBothCount(String namespace, String app, boolean selected) {
    // Given
    AcceptedPolicy policy =
        cluster(
            new LabelSelector(Map.of("team", namespace), null, Map.of()),
            new LabelSelector(Map.of("app", app), null, Map.of()));
    // Then
    assertThat(selects(policy, new SubjectFacts.Pod(WEB))).isEqualTo(selected);
  }

  @Test
  void namespacesAreSelectedByTheNameThatEveryClusterLabelsThemWith() {
    // Given
    AcceptedPolicy policy =
        cluster(new LabelSelector(Map.of(NamespaceFacts.NAME_LABEL, "shop"), null, Map.of()), ALL);
    // Then
    assertThat(selects(policy, new SubjectFacts.Pod(WEB))).isTrue();
    assertThat(selects(policy, new SubjectFacts.Pod(Pods.pod("lab", "web")))).isFalse();
    assertThat(new NamespaceFacts("shop", Map.of(NamespaceFacts.NAME_LABEL, "lab")).labels())
        .containsExactly(Map.entry(NamespaceFacts.NAME_LABEL, "shop"));
  }

  @ParameterizedTest
  @CsvSource({"shop, true", "sho, false", "shop-a, false", "lab, false"})
  void namespacedPolicySelectsInItsOwnNamespaceAlone(String namespace, boolean selected) {
    // Given
    AcceptedPolicy policy =
        new AcceptedPolicy(
            new PolicyKey(namespace, "p"),
            Tier.NAMESPACED,
            500,
            "m",
            new Subject.Pods(Optional.empty(), ALL, List.of()),
            List.of(),
            1);
    // Then
    assertThat(selects(policy, new SubjectFacts.Pod(WEB))).isEqualTo(selected);
  }

  @Test
  void hostPoliciesSelectNoPods() {
    // Given
    AcceptedPolicy policy =
        policy(
            new Subject.HostProcesses(ALL, List.of("a.service"), List.of("/a")),
            new ValueSource.Literal("1"));
    // Then
    assertThat(selecting(policy, new SubjectFacts.Pod(WEB))).isFalse();
    assertThat(selecting(policy, Pods.container(WEB, "server"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          metadata.name                | Char[8]   | web
          metadata.namespace           | Char[8]   | shop
          metadata.uid                 | Char[16]  | uid-of-web
          spec.nodeName                | Char[8]   | n
          spec.serviceAccountName      | Char[8]   | runner
          metadata.labels['app']       | Char[8]   | web
          metadata.labels['n']         | U16       | 300
          metadata.labels['n']         | U8        | zero: metadata.labels['n']: out of range for U8 (0..255)
          metadata.labels['app']       | U8        | zero: metadata.labels['app']: not an integer: write decimal digits, or 0x and hexadecimal digits
          metadata.labels['app']       | Char[3]   | zero: metadata.labels['app']: 3 bytes of UTF-8: Char[3] holds at most 2 and a NUL: shorten it
          metadata.labels['nope']      | U8        | zero: the pod has no metadata.labels['nope']: add it to the pod
          metadata.annotations['note'] | Bool      | zero: metadata.annotations['note']: not a Bool: write true or false
          metadata.annotations['note'] | Bytes[4]  | zero: metadata.annotations['note']: not standard base64: character 7 is of the URL alphabet: write + for - and / for _
          metadata.annotations['note'] | U16[2]    | zero: metadata.annotations['note']: not a JSON array: write numbers between [ and ], separated by commas
          """)
  void propertiesOfThePodBecomeValues(String path, String type, String expected) {
    // Given
    AcceptedMap map = map(type);
    AcceptedPolicy policy =
        policy(
            new Subject.Pods(Optional.of(ALL), ALL, List.of()),
            new ValueSource.FieldRef(PodProperty.parse(path).orElseThrow()));
    for (SubjectFacts facts : List.of(new SubjectFacts.Pod(WEB), Pods.container(WEB, "server"))) {
      // When
      ResolvedValue value =
          Objects.requireNonNull(
              Resolution.resolve(List.of(policy), Map.of("m", map), facts, NODE).get("m"));
      // Then
      String told =
          value
              .explanations()
              .getFirst()
              .zeroBecause()
              .map(why -> "zero: " + why)
              .orElseGet(
                  () ->
                      io.taskstorage.layout.Decoder.decode(map.layout(), value.value().toBytes())
                          .get("f"));
      assertThat(told).isEqualTo(expected);
      assertThat(value.explanations().toString()).doesNotContain("secret", "300");
    }
  }

  @Test
  void keysThatCannotBeShownAreDescribed() {
    // When
    PodProperty property = PodProperty.parse("metadata.labels['a\nb']").orElseThrow();
    // Then
    assertThat(property).hasToString("metadata.labels['(a name of 3 characters)']");
    assertThat(PodProperty.parse("metadata.labels")).isEmpty();
    assertThat(PodProperty.parse("metadata.labels['']")).isEmpty();
    assertThat(PodProperty.parse("status.podIP")).isEmpty();
  }

  @Test
  void podNeedsTheFactsOfItsOwnNamespace() {
    assertThatThrownBy(
            () ->
                new PodFacts(
                    "shop",
                    "web",
                    "u",
                    Map.of(),
                    Map.of(),
                    "",
                    "",
                    new NamespaceFacts("lab", Map.of()),
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("describe pod shop/web: facts of namespace lab: pass those of its own");
  }

  private static boolean selects(AcceptedPolicy policy, SubjectFacts facts) {
    return SubjectMatcher.selects(policy, facts, NODE);
  }

  private static boolean selecting(AcceptedPolicy policy, SubjectFacts facts) {
    return !SubjectMatcher.selecting(List.of(policy), facts, NODE).isEmpty();
  }

  private static AcceptedMap map(String type) {
    return new AcceptedMap(
        "m",
        "m",
        StructLayout.parse("t{f:" + type + "}"),
        ALL,
        ReclaimPolicy.DELETE,
        new NamespaceRule.None(),
        Set.of(),
        1);
  }

  private static AcceptedPolicy cluster(
      LabelSelector namespaces, LabelSelector pods, String... containers) {
    return policy(
        new Subject.Pods(Optional.of(namespaces), pods, List.of(containers)),
        new ValueSource.Literal("1"));
  }

  private static AcceptedPolicy policy(Subject subject, ValueSource source) {
    return new AcceptedPolicy(
        PolicyKey.cluster("p"),
        Tier.ADMIN,
        0,
        "m",
        subject,
        List.of(new FieldValue("f", source)),
        1);
  }
}
