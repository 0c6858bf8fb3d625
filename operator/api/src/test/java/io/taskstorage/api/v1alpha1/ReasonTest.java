package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {

  private static final Path REFERENCE =
      Path.of(System.getProperty("root.dir", "../.."), "docs/reference/reasons.md");

  @ParameterizedTest
  @EnumSource
  void isWrittenAsKubernetesWantsIt(Reason reason) {
    assertThat(reason.wire()).matches("[A-Z][A-Za-z0-9]*").hasSizeLessThanOrEqualTo(64);
    assertThat(Reason.ofWire(reason.wire())).contains(reason);
    assertThat(reason.name()).isEqualTo(constantName(reason.wire()));
  }

  @ParameterizedTest
  @EnumSource
  void speaksInSentencesThatCanStandInAMessage(Reason reason) {
    for (String text : new String[] {reason.sentence(), reason.mend()}) {
      assertThat(text).isNotBlank().doesNotEndWith(".").doesNotContain("\n", "|");
      assertThat(text.substring(0, 1)).isLowerCase();
    }
  }

  @Test
  void ofANewerVersionIsNotKnown() {
    assertThat(Reason.ofWire("Aligned")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void asksForSomethingIfAndOnlyIfSomethingIsToBeDone(Reason reason) {
    if (reason.urgency() != ReasonUrgency.NONE) {
      assertThat(reason.mend()).isNotEqualTo("nothing");
    }
  }

  @Test
  void referenceSaysWhatTheTableSays() throws IOException {
    // Given
    String expected = reference();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(REFERENCE.getParent());
      Files.writeString(REFERENCE, expected);
    }
    // When
    String written = Files.readString(REFERENCE);
    // Then
    assertThat(written).as("%s (-Dgolden.update=true rewrites it)", REFERENCE).isEqualTo(expected);
  }

  private static String constantName(String wire) {
    return wire.replaceAll("(?<=.)([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static String reference() {
    return """
    # Reasons

    Every condition, every node state and every refusal carries one of these words. Programs may
    rely on them; what a word means never changes. A reader that meets a word of a newer version
    treats it as plain text.

    *Act* says that nothing will change until somebody does something; it is what makes the
    condition `Stalled` true. *Wait* passes by itself or when another object arrives. The others
    need nobody.

    ## Of an object

    The reason of the condition `Accepted`: is the object valid and in force? A refused object is
    refused as a whole, and its message names every problem with its path.

    %s
    ## Of its way to the nodes

    The reason of the condition `Programmed`, and of `Ready`: have the nodes done what it asks?

    %s
    ## Of one node

    What the agent of a node says about one map. Messages name the path, process or limit.

    %s
    ## Of the fleet

    What `taskstorage status` finds by looking at all nodes. No object carries these words.

    %s
    ## Of one field of one policy

    Why a field is zero for some subject although a policy sets it. The object stays in force and
    ready; the failures in its status name the field, how many pods it is about, and one of them.

    %s
    This page is made from the table in `operator/api`; a test compares the two.
    """
        .formatted(
            table(ReasonScope.ACCEPTANCE),
            table(ReasonScope.PROGRAMMING),
            table(ReasonScope.NODE),
            table(ReasonScope.FLEET),
            table(ReasonScope.EVALUATION));
  }

  private static String table(ReasonScope scope) {
    return "| reason | | meaning | what to do |\n|---|---|---|---|\n"
        + Arrays.stream(Reason.values())
            .filter(reason -> reason.scope() == scope)
            .map(
                reason ->
                    "| `%s` | %s | %s. | %s. |\n"
                        .formatted(
                            reason.wire(),
                            urgency(reason.urgency()),
                            capital(reason.sentence()),
                            capital(reason.mend())))
            .collect(Collectors.joining());
  }

  private static String urgency(ReasonUrgency urgency) {
    return switch (urgency) {
      case NONE -> "";
      case WAIT -> "wait";
      case ACT -> "act";
    };
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
