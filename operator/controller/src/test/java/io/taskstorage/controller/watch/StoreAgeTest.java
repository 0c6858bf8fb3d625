package io.taskstorage.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When a store counts as put back. */
class StoreAgeTest {
  private static final Optional<Long> LATER = Optional.of(10_000L);
  private static final Optional<Long> SOON = Optional.of(1_000L);
  private static final Optional<Long> NEVER = Optional.empty();

  @Test
  void onlyASmallerVersionOfTheSameKindIsOlder() {
    Map<String, String> seen = Map.of("Node", "70", "TaskStorageMap", "9");
    assertThat(look(seen, kind -> kind.equals("Node") ? "70" : "1")).isEqualTo(LATER);
    assertThat(look(seen, kind -> kind.equals("Node") ? "71" : "1")).isEqualTo(LATER);
    assertThat(look(seen, kind -> kind.equals("Node") ? "69" : "100")).isEqualTo(NEVER);
  }

  @Test
  void whatIsNoNumberSaysNothing() {
    assertThat(look(Map.of("Node", "newest"), _ -> "1")).isEqualTo(LATER);
    assertThat(look(Map.of("Node", "70"), _ -> "")).isEqualTo(LATER);
    assertThat(look(Map.of(), _ -> "1")).isEqualTo(LATER);
  }

  @Test
  void aServerThatDoesNotAnswerIsAskedSoon() {
    Map<String, String> seen = Map.of("Node", "70");
    assertThat(look(seen, _ -> refuse(0))).isEqualTo(SOON);
    assertThat(look(seen, _ -> refuse(503))).isEqualTo(SOON);
    assertThat(look(seen, _ -> refuse(404))).isEqualTo(LATER);
  }

  private static String refuse(int code) {
    throw new KubernetesClientException("list: refused", code, null);
  }

  /** When to look again; and it is told that the store is older only if never. */
  private static Optional<Long> look(Map<String, String> seen, UnaryOperator<String> now) {
    AtomicInteger told = new AtomicInteger();
    StoreAge.Versions versions =
        new StoreAge.Versions() {
          @Override
          public Map<String, String> seen() {
            return seen;
          }

          @Override
          public String now(String kind) {
            return now.apply(kind);
          }
        };
    try (StoreAge age = new StoreAge(versions, told::incrementAndGet)) {
      Optional<Long> again = age.look();
      assertThat(told).hasValue(again.isEmpty() ? 1 : 0);
      return again;
    }
  }
}
