package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.taskstore.PinAccess;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

class PinOptionsTest {
  @Command(name = "some")
  private static final class Some {
    @Mixin private PinOptions pins = new PinOptions();
  }

  @Test
  void theOwnerAloneIsLetInUnlessAskedFor() {
    // When, Then
    assertThat(access()).isEqualTo(PinAccess.PRIVATE);
    assertThat(access("--pin-mode=0600")).isEqualTo(PinAccess.PRIVATE);
  }

  @ParameterizedTest
  @CsvSource({"0640, 0640", "640, 0640", "0660, 0660"})
  void modesAreOctal(String text, String mode) {
    // When, Then
    assertThat(access("--pin-mode=" + text, "--pin-group=7"))
        .isEqualTo(new PinAccess(Integer.parseInt(mode, 8), OptionalInt.of(7)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 1000650000, Integer.MAX_VALUE})
  void aGroupIsANumber(int group) {
    // When, Then
    assertThat(access("--pin-mode=0640", "--pin-group=" + group))
        .isEqualTo(new PinAccess(0640, OptionalInt.of(group)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rw-r-----",
        "0",
        "40",
        "0o640",
        "00640",
        "0680",
        "-640",
        "2640",
        "0000",
        "0400",
        "0440",
        "0700",
        "0620",
        "0650",
        "0604",
        "0644",
        "0666",
        "777"
      })
  void whatIsNoModeIsRefused(String text) {
    // When, Then
    assertThatThrownBy(() -> new PinOptions.ModeText().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is no mode of a pin: write 0600, 0640 or 0660");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "users", "-1", "1.5", "2147483648", "4294967295", "99999999999"})
  void whatIsNoNumberOfAGroupIsRefused(String text) {
    // When, Then
    assertThatThrownBy(() -> new PinOptions.GroupText().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is no number of a group: write one from 0 to 2147483647");
  }

  @Test
  void aGroupThatTheModeDoesNotLetInIsRefused() {
    // When, Then
    assertThatThrownBy(() -> access("--pin-group=1000"))
        .isInstanceOf(ParameterException.class)
        .hasMessage("--pin-group 1000: mode 0600 lets no group in: add --pin-mode 0640, or 0660");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0640", "0660"})
  void aGroupThatIsLetInIsNamed(String mode) {
    // When, Then
    assertThatThrownBy(() -> access("--pin-mode=" + mode))
        .isInstanceOf(ParameterException.class)
        .hasMessage(
            "--pin-mode %s: lets in a group that is not named: add --pin-group with its number"
                .formatted(mode));
  }

  @Test
  void runAndAgentTakeThem(@TempDir Path folder) {
    // When
    CommandRun run = CommandRun.of("run", folder.toString(), "--pin-mode=0755");
    CommandRun emulated =
        CommandRun.of("run", folder.toString(), "--plane=emulated", "--pin-mode=0660");
    CommandRun agent = CommandRun.of("agent", "--node-name=n", "--pin-group=1000");
    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("invalid value for option '--pin-mode': '0755' is no mode of a pin: ");
    assertThat(emulated.exitCode()).isEqualTo(2);
    assertThat(emulated.err()).contains("--pin-mode 0660: lets in a group that is not named: ");
    assertThat(agent.exitCode()).isEqualTo(2);
    assertThat(agent.err()).contains("--pin-group 1000: mode 0600 lets no group in: ");
  }

  private static PinAccess access(String... options) {
    Some some = new Some();
    CommandLine commandLine = new CommandLine(some);
    commandLine.parseArgs(options);
    return some.pins.access(commandLine);
  }
}
