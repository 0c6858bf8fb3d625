package io.taskstorage.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void terminalHasColoursAndLiveLines() {
    // When
    Terminal terminal = Terminal.of(Map.of("TERM", "xterm"), true);

    // Then
    assertThat(terminal).isEqualTo(new Terminal(true, true));
    assertThat(terminal.good("yes")).isEqualTo("\u001b[32myes\u001b[0m");
    assertThat(terminal.clearLine()).isEqualTo("\r\u001b[K");
  }

  @Test
  void pipeHasNeither() {
    // When
    Terminal terminal = Terminal.of(Map.of("TERM", "xterm"), false);

    // Then
    assertThat(terminal).isEqualTo(Terminal.PLAIN);
    assertThat(terminal.bad("no")).isEqualTo("no");
    assertThat(terminal.clearLine()).isEmpty();
  }

  @Test
  void noColorTakesTheColoursAndLeavesTheLiveLines() {
    // When
    Terminal terminal = Terminal.of(Map.of("NO_COLOR", "1"), true);

    // Then
    assertThat(terminal).isEqualTo(new Terminal(true, false));
  }

  @Test
  void emptyNoColorSaysNothing() {
    // When
    Terminal terminal = Terminal.of(Map.of("NO_COLOR", ""), true);

    // Then
    assertThat(terminal.colours()).isTrue();
  }

  @Test
  void dumbTerminalHasNoColours() {
    // When
    Terminal terminal = Terminal.of(Map.of("TERM", "dumb"), true);

    // Then
    assertThat(terminal.colours()).isFalse();
  }
}
