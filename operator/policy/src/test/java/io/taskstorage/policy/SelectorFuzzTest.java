package io.taskstorage.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.api.v1alpha1.LabelSelectorRequirement;
import io.taskstorage.testkit.FuzzInputs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever stands in a selector: it is refused exactly where a label cannot be so, and selects by
 * the laws of logic.
 *
 * <p>An input is a line of labels {@code k=v,k=v}, a line of {@code matchLabels} in the same form,
 * and a line {@code key operator v1,v2} for each requirement.
 */
class SelectorFuzzTest {

  @FuzzTest
  @Timeout(10)
  void selectors(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8).replace('\uFFFD', '\uD800');
    List<String> lines = List.of(text.split("\n", -1));
    if (lines.size() < 2) {
      return;
    }
    Map<String, String> labels = labels(lines.get(0));
    Map<String, String> wanted = labels(lines.get(1));
    List<LabelSelectorRequirement> requirements =
        lines.stream().skip(2).map(SelectorFuzzTest::requirement).toList();
    LabelSelector selector = new LabelSelector(wanted, requirements, Map.of());
    Problems problems = new Problems();
    new SelectorAcceptance(problems).judge(selector, "spec.s");
    assertThat(problems.isEmpty()).isEqualTo(isAcceptable(wanted, requirements));
    if (!problems.isEmpty()
        && problems.<String>refused() instanceof Verdict.Refused<String>(var _, var told)) {
      assertThat(told).allMatch(each -> each.toString().matches("[ -~]{1,800}"));
    }
    selects(wanted, requirements, labels);
  }

  @TestFactory
  Stream<DynamicTest> kept() {
    return FuzzInputs.of(getClass()).tests(10_000, this::selectors);
  }

  /** All parts together take what each of them takes; opposites take what the other does not. */
  private static void selects(
      Map<String, String> wanted,
      List<LabelSelectorRequirement> requirements,
      Map<String, String> labels) {
    boolean all =
        wanted.entrySet().stream()
            .allMatch(each -> takes(Map.of(each.getKey(), each.getValue()), List.of(), labels));
    for (LabelSelectorRequirement each : requirements) {
      boolean takes = takes(Map.of(), List.of(each), labels);
      all &= takes;
      String opposite =
          switch (String.valueOf(each.operator())) {
            case "In" -> "NotIn";
            case "NotIn" -> "In";
            case "Exists" -> "DoesNotExist";
            case "DoesNotExist" -> "Exists";
            default -> "";
          };
      boolean takesOpposite =
          takes(
              Map.of(),
              List.of(new LabelSelectorRequirement(each.key(), opposite, each.values(), Map.of())),
              labels);
      assertThat(takesOpposite).isEqualTo(!opposite.isEmpty() && !takes);
    }
    assertThat(takes(wanted, requirements, labels)).isEqualTo(all);
    assertThat(takes(labels, List.of(), labels)).isTrue();
    Map<String, String> more = new HashMap<>(labels);
    String unasked = "k".repeat(400);
    more.put(unasked, "v");
    assertThat(takes(wanted, requirements, more)).isEqualTo(all);
    assertThat(takes(Map.of(unasked, "v"), List.of(), labels)).isFalse();
  }

  private static boolean takes(
      Map<String, String> wanted,
      List<LabelSelectorRequirement> requirements,
      Map<String, String> labels) {
    return LabelSelection.selects(new LabelSelector(wanted, requirements, Map.of()), labels);
  }

  private static boolean isAcceptable(
      Map<String, String> wanted, List<LabelSelectorRequirement> requirements) {
    return wanted.size() <= 16
        && requirements.size() <= 16
        && wanted.entrySet().stream().allMatch(e -> isKey(e.getKey()) && isValue(e.getValue()))
        && requirements.stream().allMatch(SelectorFuzzTest::isAcceptable);
  }

  private static boolean isAcceptable(LabelSelectorRequirement requirement) {
    List<String> values = requirement.values() == null ? List.of() : requirement.values();
    boolean isCounted =
        switch (String.valueOf(requirement.operator())) {
          case "In", "NotIn" -> !values.isEmpty() && values.size() <= 32;
          case "Exists", "DoesNotExist" -> values.isEmpty();
          default -> false;
        };
    return isCounted
        && requirement.key() != null
        && isKey(requirement.key())
        && values.stream().allMatch(SelectorFuzzTest::isValue);
  }

  /** A qualified name: perhaps a domain and a slash, then a name. */
  private static boolean isKey(String key) {
    String[] parts = key.split("/", -1);
    return switch (parts.length) {
      case 1 -> isName(parts[0]);
      case 2 -> isDomain(parts[0]) && isName(parts[1]);
      default -> false;
    };
  }

  private static boolean isValue(String value) {
    return value.isEmpty() || isName(value);
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= 63
        && name.chars().allMatch(c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.')
        && isAlphanumeric(name.charAt(0))
        && isAlphanumeric(name.charAt(name.length() - 1));
  }

  private static boolean isDomain(String domain) {
    return domain.length() <= 253
        && Arrays.stream(domain.split("\\.", -1))
            .allMatch(
                part ->
                    !part.isEmpty()
                        && part.chars().allMatch(c -> isLowerOrDigit(c) || c == '-')
                        && part.charAt(0) != '-'
                        && part.charAt(part.length() - 1) != '-');
  }

  private static boolean isAlphanumeric(int c) {
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLowerOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static Map<String, String> labels(String line) {
    Map<String, String> labels = new HashMap<>();
    for (String label : line.isEmpty() ? new String[0] : line.split(",", -1)) {
      int end = label.indexOf('=');
      labels.put(end < 0 ? label : label.substring(0, end), label.substring(end + 1));
    }
    return labels;
  }

  private static LabelSelectorRequirement requirement(String line) {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", 3)));
    return new LabelSelectorRequirement(
        words.get(0),
        words.size() > 1 ? words.get(1) : null,
        words.size() > 2 ? List.of(words.get(2).split(",", -1)) : null,
        Map.of());
  }
}
