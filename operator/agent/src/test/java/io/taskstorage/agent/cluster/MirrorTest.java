package io.taskstorage.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private final AtomicInteger changes = new AtomicInteger();
  private final Mirror mirror = new Mirror(changes::incrementAndGet);

  private static SortedMap<String, String> list(String... keys) {
    SortedMap<String, String> list = new TreeMap<>();
    for (String key : keys) {
      list.put(key, "text of " + key);
    }
    return list;
  }

  @Test
  void whatIsNotInAListIsGone() {
    // Given
    mirror.replace(list("/a", "/b"), false);

    // When
    mirror.replace(list("/b"), false);

    // Then
    assertThat(mirror.state(true).objects()).containsExactly("text of /b");
    assertThat(changes).hasValue(2);
  }

  @Test
  void whatWentWithADefinitionStaysUntilItComesAgain() {
    // Given
    mirror.replace(list("/a", "/b", "/c"), false);

    // When
    mirror.replace(list("/b"), true);

    // Then
    assertThat(mirror.state(true).objects()).hasSize(3);
    assertThat(mirror.state(true).trouble())
        .contains(
            "what went with the definition of its kind stays in force (objects: 2, such as a):"
                + " apply it again, or start the agent anew to let it go");

    // When
    mirror.put("/a", "text of /a");
    mirror.replace(list("/a", "/b"), false);

    // Then
    assertThat(mirror.state(true).objects()).contains("text of /c");
    assertThat(mirror.state(true).trouble().orElse("")).contains("objects: 1, such as c");

    // When
    mirror.put("/c", "another text");
    mirror.replace(list("/b"), false);

    // Then
    assertThat(mirror.state(true).objects()).containsExactly("text of /b");
    assertThat(mirror.state(true).trouble()).isEmpty();
  }

  @Test
  void untilEverythingIsToldWhatIsRememberedStandsAndWhatIsToldAddsToIt() {
    // Given
    mirror.remember(List.of("a of before", "b of before", "text of /c"));
    assertThat(mirror.state(false).objects())
        .containsExactly("a of before", "b of before", "text of /c");
    assertThat(mirror.state(false).isComplete()).isTrue();

    // When: b is not told, and d is new
    mirror.replace(list("/a", "/c", "/d"), false);

    // Then: of two of one object the one that is remembered is the later one
    assertThat(mirror.state(false).objects())
        .containsExactly("text of /a", "text of /d", "a of before", "b of before", "text of /c");

    // When
    mirror.remove("/c");

    // Then
    assertThat(mirror.state(false).objects())
        .containsExactly("text of /a", "text of /d", "a of before", "b of before", "text of /c");
    assertThat(mirror.state(true).objects()).containsExactly("text of /a", "text of /d");

    // When
    mirror.forget();

    // Then
    assertThat(mirror.state(false).objects()).containsExactly("text of /a", "text of /d");
    assertThat(mirror.state(false).remembered()).isFalse();
  }

  @Test
  void whatIsRememberedLaterTakesThePlaceOfWhatWasBefore() {
    // Given
    mirror.remember(List.of("a", "b"));

    // When
    mirror.remember(List.of("b", "c"));

    // Then
    assertThat(mirror.state(false).objects()).containsExactly("b", "c");
    assertThat(mirror.size()).isEqualTo(2);
  }

  @Test
  void troubleKeepsWhatIsKnownAndIsNewsOnce() {
    // Given
    mirror.replace(new TreeMap<>(Map.of("/a", "text")), false);

    // When, Then
    assertThat(mirror.trouble(Optional.of("lost"))).isTrue();
    assertThat(mirror.trouble(Optional.of("lost"))).isFalse();
    assertThat(mirror.state(true).objects()).containsExactly("text");
    assertThat(changes).hasValue(2);
  }
}
