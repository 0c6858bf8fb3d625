package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "10ms, 10, 10ms",
    "1500ms, 1500, 1500ms",
    "2000ms, 2000, 2s",
    "1s, 1000, 1s",
    "2m, 120000, 120s",
    "60m, 3600000, 3600s"
  })
  void aTimeIsReadAndShown(String text, long millis, String shown) {
    // When
    Duration duration = new DurationText().convert(text);

    // Then
    assertThat(duration).hasMillis(millis);
    assertThat(DurationText.of(duration)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "s", "1h", "1.5s", "-1s", "+1s", " 1s", "1 s", "12345678ms"})
  void whatIsNoTimeIsRefused(String text) {
    // When, Then
    assertThatThrownBy(() -> new DurationText().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is no time: write 500ms, 1s or 2m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "9ms", "61m", "3601s"})
  void whatIsTooShortOrTooLongIsRefused(String text) {
    // When, Then
    assertThatThrownBy(() -> new DurationText().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is out of range: 10ms to 60m");
  }
}
