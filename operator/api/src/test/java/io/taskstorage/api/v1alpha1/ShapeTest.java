package io.taskstorage.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {

  private record Inner(String text) {}

  private record Outer(
      Integer whole,
      IntOrString both,
      List<Inner> parts,
      Map<String, String> named,
      Inner inner,
      Map<String, Object> unknownFields) {}

  private record Odd(Long number) {}

  @Test
  void followsFromTheRecord() {
    // Given
    Shape inner = new Shape.Properties(Map.of("text", new Shape.Text()));
    // When
    Shape.Properties outer = Shape.of(Outer.class);
    // Then
    assertThat(outer.byName())
        .isEqualTo(
            Map.of(
                "whole", new Shape.Whole(),
                "both", new Shape.WholeOrText(),
                "parts", new Shape.Listed(inner),
                "named", new Shape.Named(new Shape.Text()),
                "inner", inner));
    assertThat(outer.byName().keySet()).containsExactly("whole", "both", "parts", "named", "inner");
  }

  @Test
  void refusesTypesOfWhichNobodySaidWhatTheyAre() {
    assertThatThrownBy(() -> Shape.of(Odd.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("derive shape of class java.lang.Long: no JSON type is known for it: add one");
  }
}
