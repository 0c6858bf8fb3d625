package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.taskstorage.policy.PodProperty.Kind;
import io.taskstorage.testkit.FuzzInputs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever stands where a field path may: it names one property, which reads one thing of a pod, or
 * none. An input is the path.
 */
class FieldPathFuzzTest {

  private static final Map<String, String> PLAIN =
      Map.of(
          "metadata.name", "a-name",
          "metadata.namespace", "a-namespace",
          "metadata.uid", "a-uid",
          "spec.nodeName", "a-node",
          "spec.serviceAccountName", "an-account");

  @FuzzTest
  @Timeout(10)
  void fieldPaths(byte[] input) {
    String path = new String(input, StandardCharsets.UTF_8).replace('\uFFFD', '\uD800');
    Optional<PodProperty> property = PodProperty.parse(path);
    Optional<String> label = key(path, "metadata.labels['");
    Optional<String> annotation = key(path, "metadata.annotations['");
    boolean isKeyed = label.isPresent() || annotation.isPresent();
    assertThat(property.isPresent()).isEqualTo(PLAIN.containsKey(path) || isKeyed);
    if (property.isEmpty()) {
      return;
    }
    String key = property.get().key();
    assertThat(property.get().toString()).doesNotContain("\n", "\u001b");
    assertThat(property.get().of(pod(Map.of(), Map.of())))
        .isEqualTo(Optional.ofNullable(PLAIN.get(path)));
    if (!isKeyed) {
      assertThat(property.get()).hasToString(path);
      return;
    }
    assertThat(property.get().kind()).isEqualTo(label.isPresent() ? Kind.LABEL : Kind.ANNOTATION);
    assertThat(key).isEqualTo(label.or(() -> annotation).orElseThrow());
    boolean isShown = key.strip().equals(key) && key.chars().allMatch(c -> c >= ' ' && c <= '~');
    assertThat(property.get().toString().equals(path)).isEqualTo(isShown);
    // The one label or annotation of this key, and nothing beside it.
    Map<String, String> one = Map.of(key, "one", key + "x", "longer", "y" + key, "other");
    Map<String, String> two = Map.of(key, "two", key + "x", "longer", "y" + key, "other");
    assertThat(property.get().of(pod(one, two))).contains(label.isPresent() ? "one" : "two");
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(10_000, this::fieldPaths);
  }

  /** The key between the quotes, by the words of the reference. */
  private static Optional<String> key(String path, String begin) {
    if (!path.startsWith(begin) || !path.endsWith("']")) {
      return Optional.empty();
    }
    if (path.length() < begin.length() + 2) {
      return Optional.empty();
    }
    String key = path.substring(begin.length(), path.length() - 2);
    int characters = key.codePointCount(0, key.length());
    boolean isKey =
        characters >= 1 && characters <= 317 && key.indexOf('\'') < 0 && key.indexOf('\\') < 0;
    return isKey ? Optional.of(key) : Optional.empty();
  }

  private static PodFacts pod(Map<String, String> labels, Map<String, String> annotations) {
    return new PodFacts(
        "a-namespace",
        "a-name",
        "a-uid",
        labels,
        annotations,
        "an-account",
        "a-node",
        new NamespaceFacts("a-namespace", Map.of()),
        List.of());
  }
}
