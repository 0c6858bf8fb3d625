package io.taskstorage.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When a store counts as put back. */
class StoreAgeTest {

  @Test
  void onlyASmallerVersionOfTheSameKindIsOlder() {
    Map<String, String> seen = Map.of("Node", "70", "TaskStorageMap", "9");
    assertThat(isOlder(seen, kind -> kind.equals("Node") ? "70" : "1")).isFalse();
    assertThat(isOlder(seen, kind -> kind.equals("Node") ? "71" : "1")).isFalse();
    assertThat(isOlder(seen, kind -> kind.equals("Node") ? "69" : "100")).isTrue();
  }

  @Test
  void whatIsNoNumberSaysNothing() {
    assertThat(isOlder(Map.of("Node", "newest"), _ -> "1")).isFalse();
    assertThat(isOlder(Map.of("Node", "70"), _ -> "")).isFalse();
    assertThat(isOlder(Map.of(), _ -> "1")).isFalse();
  }

  @Test
  void aServerThatDoesNotAnswerSaysNothing() {
    assertThat(isOlder(Map.of("Node", "70"), _ -> refuse())).isFalse();
  }

  private static String refuse() {
    throw new KubernetesClientException("list: refused", 503, null);
  }

  /** Whether it is told, at one look, that the store is older. */
  private static boolean isOlder(Map<String, String> seen, UnaryOperator<String> now) {
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
      age.look();
    }
    assertThat(told).hasValueLessThan(2);
    return told.get() == 1;
  }
}
