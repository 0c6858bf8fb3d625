package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.agent.execute.Executor;
import io.taskstorage.agent.plan.Step;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of {@link KillPoint}s leaves nothing out that it promises. */
class KillPointsTest {
  private static final String EXECUTOR = "agent.execute.Executor.";

  static Stream<Class<?>> steps() {
    return Arrays.stream(Step.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void eachKindOfStepHasAPointBeforeAndAfterItInEveryBuild(Class<?> step) {
    // Given
    String method = EXECUTOR + executing(step).getName();

    // When
    List<String> places =
        KillPoint.all().stream()
            .filter(KillPoint::inEveryBuild)
            .filter(point -> point.method().equals(method))
            .map(KillPoint::place)
            .toList();

    // Then
    assertThat(places).contains("before " + method, "after " + method);
  }

  /** The method of the executor that carries out this kind of step. */
  private static Method executing(Class<?> step) {
    List<Method> methods =
        Arrays.stream(Executor.class.getDeclaredMethods())
            .filter(method -> List.of(method.getParameterTypes()).equals(List.of(step)))
            .toList();
    assertThat(methods).as("what executes %s", step.getSimpleName()).hasSize(1);
    return methods.getFirst();
  }

  @Test
  void everyBuildTriesThirtyPointsAndNoneIsListedTwice() {
    // When
    List<KillPoint> points = KillPoint.all();

    // Then
    assertThat(points.stream().filter(KillPoint::inEveryBuild)).hasSizeGreaterThanOrEqualTo(30);
    assertThat(points.stream().map(p -> p.story() + " " + p.place() + " " + p.crossing()))
        .doesNotHaveDuplicates();
    assertThat(points).extracting(KillPoint::story).contains(KillStory.values());
  }
}
