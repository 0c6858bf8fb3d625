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
  @ValueSource(strings = {"0600", "0640", "0660:0", "0620:1000", "0644", "0666:2147483647"})
  void aTextIsReadAsItWasWritten(String text) {
    // When, Then
    assertThat(PinAccess.parse(text).map(PinAccess::toText)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "640", "0400", "0700", "0650", "0641", "4640", "0640:", "0640:-1", "0640:a"})
  void whatAnotherVersionMayHaveWrittenIsNoAccess(String text) {
    // When, Then
    assertThat(PinAccess.parse(text)).isEmpty();
    assertThat(PinAccess.parse("0640:2147483648")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0400, 0200, 0700, 0610, 0601, 01600, 02660, 04600, 0100600, -1})
  void aPinHasNoOtherBitsThanThoseForReadingAndWriting(int mode) {
    // When, Then
    assertThat(PinAccess.isMode(mode)).isFalse();
    assertThatThrownBy(() -> new PinAccess(mode, OptionalInt.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mode 0%03o: no mode of a pin".formatted(mode));
  }

  @Test
  void aGroupIsNotNegative() {
    // When, Then
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
  void aGroupThatNobodyNamedIsTheProcessesOwnWhereThePinLetsOneIn() {
    // When, Then
    assertThat(new PinAccess(0660, OptionalInt.empty()).resolved(7).toText()).isEqualTo("0660:7");
    assertThat(READERS.resolved(7)).isEqualTo(READERS);
    assertThat(PinAccess.PRIVATE.resolved(7)).isEqualTo(PinAccess.PRIVATE);
    assertThat(new PinAccess(0604, OptionalInt.empty()).resolved(7).toText()).isEqualTo("0604");
  }
}
