package io.taskstorage.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class TelemetryOptionsTest {
  @Command
  static final class Program {
    @Mixin final TelemetryOptions telemetry = new TelemetryOptions(":9464", "127.0.0.1:9474");
  }

  private static TelemetryOptions parse(String... arguments) {
    Program program = new Program();
    new CommandLine(program).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return program.telemetry;
  }

  @Test
  void addressesHaveDefaults() {
    assertThat(parse().listen()).isEqualTo(new ListenAddress("", 9464));
    assertThat(parse().debugListen()).isEqualTo(new ListenAddress("127.0.0.1", 9474));
  }

  @ParameterizedTest
  @CsvSource({":0", "127.0.0.1:1", "localhost:65535", "[::1]:9474"})
  void addressesAreReadAndWrittenAlike(String text) throws UnknownHostException {
    // When
    ListenAddress address = parse("--listen", text).listen();

    // Then
    assertThat(address).hasToString(text);
    assertThat(address.resolve().getPort()).isEqualTo(address.port());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "localhost | 'localhost' has no port: write HOST:PORT",
        "a:b | 'a:b' has no port between 0 and 65535: write HOST:PORT",
        "a:65536 | 'a:65536' has no port between 0 and 65535: write HOST:PORT",
        "a:-1 | 'a:-1' has no port between 0 and 65535: write HOST:PORT",
        "::1:80 | '::1:80' has several colons: write [HOST]:PORT for IPv6",
      })
  void whatIsNoAddressIsRefused(String text, String message) {
    assertThatThrownBy(() -> parse("--listen", text))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining(message);
  }

  @Test
  void formatsAndLevelsAreThoseThatAreNamed() {
    assertThatThrownBy(() -> parse("--log-format", "xml")).hasMessageContaining("LOGFMT, JSON");
    assertThatThrownBy(() -> parse("--log-level", "loud"))
        .hasMessageContaining("DEBUG, INFO, WARN, ERROR");
    assertThat(parse("--log-format", "json", "--log-level", "debug")).isNotNull();
  }
}
