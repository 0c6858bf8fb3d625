package io.taskstorage.taskstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinAccessTest {
  private static final PinAccess READERS = new PinAccess(0640, OptionalInt.of(1000));

  @ParameterizedTest
  @ValueSource(strings = {"0640:1000", "0660:0", "0660:2147483647"})
  void aTextIsReadAsItWasWritten(String text) {
    // When, Then
    assertThat(PinAccess.parse(text).map(PinAccess::toText)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0600",
        "0640",
        "0600:0",
        "640:0",
        "0644:0",
        "0650:0",
        "4640:0",
        "0640:",
        "0640:-1",
        "0640:a",
        "0640:2147483648"
      })
  void whatAnotherVersionMayHaveWrittenIsNoAccess(String text) {
    // When, Then
    assertThat(PinAccess.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0400, 0440, 0604, 0620, 0644, 0666, 0700, 0650, 02660, 0100600, -1})
  void aPinLetsInItsOwnerOrAGroupForReadingOrForBoth(int mode) {
    // When, Then
    assertThat(PinAccess.isMode(mode)).isFalse();
    assertThatThrownBy(() -> new PinAccess(mode, OptionalInt.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mode 0%03o: no mode of a pin".formatted(mode));
  }

  @Test
  void aGroupIsThereExactlyWhereItIsLetIn() {
    // When, Then
    assertThatThrownBy(() -> new PinAccess(0640, OptionalInt.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mode 0640: without the group that it lets in");
    assertThatThrownBy(() -> new PinAccess(0600, OptionalInt.of(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("group 5: mode 0600 lets no group in");
    assertThatThrownBy(() -> new PinAccess(0640, OptionalInt.of(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("group -1: negative");
  }

  @Test
  void aPinIsAsWantedOnlyWithThatModeAndGroup() {
    // When, Then
    assertThat(READERS.isThatOf(0100640, 1000)).isTrue();
    assertThat(READERS.isThatOf(0100640, 1001)).isFalse();
    assertThat(READERS.isThatOf(0100600, 1000)).isFalse();
    assertThat(READERS.isThatOf(0102640, 1000)).isFalse();
    assertThat(PinAccess.PRIVATE.isThatOf(0100600, 1000)).isTrue();
  }

  @Test
  void aPinThatLetsInNobodyElseIsCovered() {
    // When, Then
    assertThat(READERS.covers(0100640, 1000)).isTrue();
    assertThat(READERS.covers(0100600, 1001)).isTrue();
    assertThat(READERS.covers(0100640, 1001)).isFalse();
    assertThat(READERS.covers(0100660, 1000)).isFalse();
    assertThat(READERS.covers(0100644, 1000)).isFalse();
    assertThat(PinAccess.PRIVATE.covers(0100640, 1000)).isFalse();
    assertThat(PinAccess.PRIVATE.covers(0100600, 1000)).isTrue();
  }
}
