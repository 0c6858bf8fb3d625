package io.taskstorage.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  private static final Program PROGRAM =
      new Program(
          CommandName.Home.MANIFESTS,
          Map.of(
              CommandName.LINT, Object::new,
              CommandName.LAYOUT, Object::new,
              CommandName.PREVIEW, Object::new),
          Set.of());

  @ParameterizedTest
  @ValueSource(strings = {"layout -f lint", "--debug layout", "layout --help", "layout preview"})
  void onlyTheCommandThatIsNamedIsMade(String line) {
    assertThat(PROGRAM.needed(line.split(" ", -1))).containsExactly(CommandName.LAYOUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "help layout", "layuot", "run", "--version"})
  void whereNoneOfItsOwnIsNamedAllAreListed(String line) {
    assertThat(PROGRAM.needed(line.split(" ", -1))).containsExactly(CommandName.values());
  }
}
