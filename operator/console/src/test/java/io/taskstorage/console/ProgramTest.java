package io.taskstorage.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  private static final Program PROGRAM =
      new Program(
          CommandName.Home.MANIFESTS,
          Arrays.stream(CommandName.values())
              .filter(name -> name.home().isIn(CommandName.Home.MANIFESTS))
              .collect(Collectors.toMap(Function.identity(), _ -> Object::new)),
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

  /** As in the image, where the JVM is the interpreter of a script without a shell. */
  @Test
  void scriptThatStartsItIsNoArgument() {
    String[] words = {"/usr/bin/taskstorage", "entries", "/usr/bin/taskstorage"};
    assertThat(Program.arguments(words, Optional.of("/usr/bin/taskstorage")))
        .containsExactly("entries", "/usr/bin/taskstorage");
    assertThat(Program.arguments(words, Optional.empty())).containsExactly(words);
    assertThat(Program.arguments(new String[0], Optional.of("/usr/bin/taskstorage"))).isEmpty();
  }
}
