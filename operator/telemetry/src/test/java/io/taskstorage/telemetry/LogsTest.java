package io.taskstorage.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogsTest {
  private static final Logger OURS = LoggerFactory.getLogger(LogsTest.class);
  private static final Logger THEIRS = LoggerFactory.getLogger("org.example.Library");

  @Test
  void anEventIsOneLineOfKeysAndValues() {
    // Given
    LogCapture log = LogCapture.start();
    try (log) {
      // When
      OURS.atInfo()
          .addKeyValue(LogKey.NODE, "n1")
          .addKeyValue(LogKey.COUNT, 3)
          .addKeyValue(LogKey.DETAIL, "a \"b\" = c\nd\\\u0007\u2028")
          .addKeyValue(LogKey.NAME, "")
          .log("pods listed");

      // Then
      assertThat(log.text())
          .isEqualTo(
              "time=2026-02-03T04:05:06.070Z level=info msg=\"pods listed\" logger=LogsTest node=n1"
                  + " count=3 detail=\"a \\\"b\\\" = c\\nd\\\\\\u0007\\u2028\" name=\"\"\n");
    }
  }

  @Test
  void aLibrarysTalkAboutVersionsIsNotForPeople() {
    // Given
    Logger talk =
        LoggerFactory.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils");
    LogCapture log = LogCapture.start();
    try (log) {
      // When
      talk.warn(
          "The client is using resource type '{}' with unstable version '{}'", "a", "v1alpha1");
      THEIRS.warn("something else");

      // Then
      assertThat(log.text()).contains("something else").doesNotContain("unstable");
    }
  }

  @Test
  void theSameAsJsonIsAnObject() throws Exception {
    // Given
    LogCapture log = LogCapture.start(LogFormat.JSON, Level.INFO);
    try (log) {
      // When
      OURS.atWarn().addKeyValue(LogKey.DETAIL, "a \"b\"\n\t\u0000😀").log("{} of {}", 1, 2);

      // Then
      assertThat(log.text()).hasLineCount(1);
      JsonNode event = new JsonMapper().readTree(log.text());
      assertThat(event.get(LogKey.LEVEL).textValue()).isEqualTo("warn");
      assertThat(event.get(LogKey.MESSAGE).textValue()).isEqualTo("1 of 2");
      assertThat(event.get(LogKey.DETAIL).textValue()).isEqualTo("a \"b\"\n\t\u0000😀");
      assertThat(event.propertyStream().map(pair -> pair.getKey()))
          .containsExactly("time", "level", "msg", "logger", "detail");
    }
  }

  @Test
  void aKeyOfTheEventCannotPretendToBeAnotherTimeOrLevel() {
    // Given
    LogCapture log = LogCapture.start();
    try (log) {
      // When
      OURS.atInfo().addKeyValue(LogKey.LEVEL, "error").addKeyValue(LogKey.TIME, "x").log("it");

      // Then
      assertThat(log.text())
          .isEqualTo("time=2026-02-03T04:05:06.070Z level=info msg=it logger=LogsTest\n");
    }
  }

  @Test
  void longValuesAreCutBetweenCharacters() {
    // Given
    LogCapture log = LogCapture.start();
    try (log) {
      // When
      OURS.info("x".repeat(LogLine.MAX_VALUE - 1) + "😀");

      // Then
      assertThat(log.text()).contains("msg=\"" + "x".repeat(LogLine.MAX_VALUE - 1) + "…\"");
    }
  }

  @Test
  void anExceptionIsToldWithItsCausesAndItsStackWhereItIsAnError() {
    // Given
    Exception thrown =
        new IllegalStateException("outer", new IllegalArgumentException("in\nner", null));
    LogCapture log = LogCapture.start();
    try (log) {
      // When
      OURS.atWarn().setCause(thrown).log("warned");
      OURS.error("failed", thrown);

      // Then
      List<String> lines = log.text().lines().toList();
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0))
          .endsWith(
              "error=\"IllegalStateException: outer: caused by IllegalArgumentException:"
                  + " in\\nner\"");
      assertThat(lines.get(1)).contains(" stack=\"IllegalStateException: outer\\n at io.taskstor");
    }
  }

  @Test
  void librariesAreHeardFromWarningsOn() {
    // Given
    LogCapture log = LogCapture.start(LogFormat.LOGFMT, Level.DEBUG);
    try (log) {
      // When
      THEIRS.info("theirs {}", "informs");
      THEIRS.warn("theirs {}", "warns");
      OURS.debug("ours");
      OURS.trace("ours in detail");

      // Then
      assertThat(log.text().lines().map(line -> line.replaceAll("^time=\\S+ ", "")))
          .containsExactly(
              "level=warn msg=\"theirs warns\" logger=Library",
              "level=debug msg=ours logger=LogsTest");
    }
  }

  @Test
  void nothingIsLoggedUnlessStarted() {
    // Given
    LogCapture log = LogCapture.start();
    log.close();

    // When
    OURS.error("nobody hears it");

    // Then
    assertThat(log.text()).isEmpty();
    assertThat(OURS.isErrorEnabled()).isFalse();
  }

  @Test
  void keysAreOneWordAndDifferent() throws Exception {
    // Given
    List<String> keys = new ArrayList<>();

    // When
    for (Field field : LogKey.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        keys.add((String) field.get(null));
      }
    }

    // Then
    assertThat(keys)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(20)
        .allMatch(key -> key.matches("[a-z][A-Za-z]*"));
  }
}
