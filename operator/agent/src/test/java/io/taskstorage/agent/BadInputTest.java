package io.taskstorage.agent;

import io.taskstorage.testkit.GoldenCase;
import io.taskstorage.testkit.GoldenCases;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a user reads of a folder {@code in/} in which something is wrong. What the kernel or the
 * file system must be brought to is in the tests named after it.
 */
class BadInputTest {

  @TestFactory
  Stream<DynamicTest> cases() {
    return GoldenCases.of(getClass()).tests(this::run);
  }

  private void run(GoldenCase given) {
    // Given
    List<String> cgroups = List.of("/system.slice/web.service", "/kubepods.slice");

    // When
    String told;
    try (Turns turns = new Turns(given.path("in"), cgroups, Map.of())) {
      told = turns.turn();
    }

    // Then
    given.expect("out.txt", told);
  }
}
