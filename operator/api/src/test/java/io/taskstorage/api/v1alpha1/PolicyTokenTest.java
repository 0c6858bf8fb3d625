package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTokenTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"0f3c3f8e4000:7", "0f3c3f8e4000:7m", "ffffffffffff:0moze", "0f3c3f8e4000:12e"})
  void isReadAsItWasWritten(String text) {
    assertThat(PolicyToken.parse(text).map(PolicyToken::toString)).contains(text);
  }

  @Test
  void saysWhatTheLettersMean() {
    assertThat(PolicyToken.parse("0f3c3f8e4000:7mz"))
        .contains(new PolicyToken("0f3c3f8e4000", 7, true, false, true, false));
    assertThat(PolicyToken.parse("0f3c3f8e4000:7oe"))
        .contains(new PolicyToken("0f3c3f8e4000", 7, false, true, false, true));
  }

  @Test
  void leavesLettersOfANewerVersionAlone() {
    assertThat(PolicyToken.parse("0f3c3f8e4000:7qm"))
        .contains(new PolicyToken("0f3c3f8e4000", 7, true, false, false, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "m",
        "0f3c3f8e400:7",
        "0F3C3F8E4000:7",
        "0f3c3f8e4000",
        "0f3c3f8e4000:",
        "0f3c3f8e4000:-1",
        "0f3c3f8e4000:7M",
        "0f3c3f8e4000:7 ",
        "0f3c3f8e4000:99999999999999999999"
      })
  void isNothingElse(String text) {
    assertThat(PolicyToken.parse(text)).isEmpty();
  }

  @Test
  void takesItsDigitsFromAUid() {
    assertThat(PolicyToken.prefixOf("0F3C3f8e-4000-4000-8000-000000000002"))
        .isEqualTo("0f3c3f8e4000");
  }

  @Test
  void refusesWhatIsNoPart() {
    assertThatThrownBy(() -> PolicyToken.prefixOf("0f3c"))
        .hasMessage("make policy token of uid 0f3c: fewer than 12 digits: pass metadata.uid");
    assertThatThrownBy(() -> new PolicyToken("0f3c", 1, true, false, false, false))
        .hasMessage(
            "make policy token 0f3c:1: not 12 hexadecimal digits and a generation: use prefixOf");
    assertThatThrownBy(() -> new PolicyToken("0f3c3f8e4000", -1, true, false, false, false))
        .hasMessage(
            "make policy token 0f3c3f8e4000:-1: not 12 hexadecimal digits and a generation: use"
                + " prefixOf");
  }
}
