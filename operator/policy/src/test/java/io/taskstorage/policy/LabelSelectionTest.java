package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelSelectionTest {

  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "(?<absent>!)?(?<key>[A-Za-z0-9./_-]+)(?: (?<set>in|notin) \\((?<values>[^)]*)\\)"
              + "|(?<equality>!?=)(?<value>[^,]*))?(?:,|$)");

  static Stream<Arguments> selectors() {
    return Table.rows("LabelSelectionTest/selectors.table", 3);
  }

  static Stream<Arguments> kubectl() {
    return Table.rows("LabelSelectionTest/kubectl.table", 3);
  }

  @ParameterizedTest
  @MethodSource("selectors")
  void selectsAsKubernetesDoes(String taken, String selector, String labels) throws Exception {
    // Given
    LabelSelector read = Corpus.YAML.readValue(selector, LabelSelector.class);
    Map<String, String> have = Corpus.YAML.readValue(labels, new TypeReference<>() {});
    // When
    boolean selects = LabelSelection.selects(read, have);
    // Then
    assertThat(selects).isEqualTo(taken.equals("yes"));
  }

  @ParameterizedTest
  @MethodSource("kubectl")
  void selectsAsTheApiServerDoes(String taken, String selector, String labels) {
    // Given
    LabelSelector read = parsed(selector);
    Map<String, String> have = new TreeMap<>();
    if (!labels.equals("-")) {
      for (String label : labels.split(",", -1)) {
        have.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
      }
    }
    // When
    boolean selects = LabelSelection.selects(read, have);
    // Then
    assertThat(selects).isEqualTo(taken.equals("yes"));
  }

  @Test
  void tableIsLong() {
    assertThat(kubectl()).hasSizeGreaterThan(300);
  }

  private static LabelSelector parsed(String selector) {
    List<LabelSelectorRequirement> requirements = new ArrayList<>();
    Map<String, String> labels = new TreeMap<>();
    int end = 0;
    Matcher matcher = REQUIREMENT.matcher(selector);
    while (end < selector.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new AssertionError("no selector: " + selector);
      }
      end = matcher.end();
      String key = matcher.group("key");
      String value = matcher.group("value");
      // A key that stands in matchLabels already needs a requirement beside it.
      if ("=".equals(matcher.group("equality")) && labels.putIfAbsent(key, value) == null) {
        continue;
      }
      requirements.add(requirement(matcher, key));
    }
    return new LabelSelector(labels, requirements, Map.of());
  }

  private static LabelSelectorRequirement requirement(Matcher matcher, String key) {
    if (matcher.group("set") != null) {
      List<String> values =
          Arrays.stream(matcher.group("values").split(",", -1)).map(String::strip).toList();
      String operator = matcher.group("set").equals("in") ? "In" : "NotIn";
      return new LabelSelectorRequirement(key, operator, values, Map.of());
    }
    if (matcher.group("equality") != null) {
      String operator = matcher.group("equality").equals("=") ? "In" : "NotIn";
      return new LabelSelectorRequirement(key, operator, List.of(matcher.group("value")), Map.of());
    }
    String operator = matcher.group("absent") == null ? "Exists" : "DoesNotExist";
    return new LabelSelectorRequirement(key, operator, null, Map.of());
  }
}
