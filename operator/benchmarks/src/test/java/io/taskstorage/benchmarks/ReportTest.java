package io.taskstorage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.benchmarks.EngineFigures.Measured;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Report report = new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void pairsAreTheMediansOfBothAndOfTheirRatios() {
    // Given
    Pairs pairs = Pairs.of(List.of(3e6, 8e6, 4e6), List.of(1e6, 2e6, 4e6));

    // When
    report.pairs("Java", "C", "layout: ", Map.of("wall", pairs));
    report.pairs("Java", "C", "", Map.of("memory", Pairs.of(List.of(2e6), List.of(1e6))));
    report.pairs("Java", "C", "", Map.of("wakeups", Pairs.of(List.of(12e3), List.of(4e3))));

    // Then
    assertThat(text())
        .isEqualTo(
            """
            | figure | Java | C | ratio, median (least to most) |
            |---|---|---|---|
            | layout: wall | 4.0 ms | 2.0 ms | 3.00 (1.00 to 4.00) |
            | memory | 1.9 MB | 1.0 MB | 2.00 (2.00 to 2.00) |
            | wakeups | 12000 | 4000 | 3.00 (3.00 to 3.00) |
            """);
  }

  @Test
  void whatDiffersLittleIsShownWithTheMiddleHalfOfTheRounds() {
    // Given
    Pairs pairs =
        Pairs.of(List.of(1e4, 1.01e4, 1.02e4, 1.03e4, 9e4), List.of(1e4, 1e4, 1e4, 1e4, 1e4));

    // When
    report.closePairs("a", "b", "thread, ", Map.of("16 maps", pairs));

    // Then
    assertThat(text())
        .isEqualTo(
            """
            | figure | a | b | ratio, median (middle half) | 95 % interval of the median |
            |---|---|---|---|---|
            | thread, 16 maps | 10.2 us | 10.0 us | 1.020 (1.010 to 1.030) | 1.000 to 9.000 |
            """);
  }

  @Test
  void timesOfSingleEventsAreShownByTheHalfAndByAllButAHundredth() {
    // Given
    List<Double> subject = IntStream.rangeClosed(1, 200).mapToObj(i -> i * 1e6).toList();
    List<Double> yardstick = subject.stream().map(time -> 4 * time).toList();

    // When
    report.percentiles("a", "b", "change, ", Pairs.of(subject.reversed(), yardstick));

    // Then
    assertThat(text())
        .isEqualTo(
            """
            | figure | a | b | ratio |
            |---|---|---|---|
            | change, p50 | 100.0 ms | 400.0 ms | 0.25 |
            | change, p99 | 198.0 ms | 792.0 ms | 0.25 |
            """);
  }

  @Test
  void ratiosStandBesideTheirBudgets() {
    // Given
    Map<String, Pairs> sweep = Map.of("create", Pairs.of(List.of(2e3), List.of(8e3)));

    // When
    report.pairs("a", "b", "10 tasks: ", sweep, Map.of("create", 0.2, "verify", 0.3));

    // Then
    assertThat(text())
        .isEqualTo(
            """
            | figure | a | b | ratio, median (least to most) | budget |
            |---|---|---|---|---|
            | 10 tasks: create | 2000 ns | 8000 ns | 0.25 (0.25 to 0.25) | 0.20 |
            """);
  }

  @Test
  void theMedianOfManyRoundsIsSurerThanTheirMiddleHalf() {
    // Given sixty ratios
    List<Double> subject = IntStream.rangeClosed(1, 60).mapToObj(i -> (double) i).toList();
    Pairs pairs = Pairs.of(subject, Collections.nCopies(60, 1.0));

    // Then the interval is that of the tables of the sign test
    assertThat(pairs.medianRatioInterval()).isEqualTo(new Pairs.Interval(22, 39));
    assertThat(Pairs.outsideOfInterval(5)).isZero();
    assertThat(Pairs.outsideOfInterval(6)).isZero();
    assertThat(Pairs.outsideOfInterval(9)).isEqualTo(1);
    assertThat(Pairs.outsideOfInterval(20)).isEqualTo(5);
    assertThat(Pairs.outsideOfInterval(0)).isZero();
  }

  @Test
  void timesAreShownAsTheyAreDistributed() {
    // Given
    List<Double> times = IntStream.rangeClosed(1, 2_000).mapToObj(i -> i * 1e4).toList();

    // When
    report.distributions("pod: ", Map.of("row", times.reversed()), 0.99, 5e6);
    report.distributions("start: ", Map.of("held", times), 0.999, 2e6);
    report.distributions("move, ", Map.of("last thread", times.subList(0, 1)));

    // Then
    assertThat(text())
        .isEqualTo(
            """
            | figure | times | p50 | p90 | p99 | p99.9 | most | budget of p99 |
            |---|---|---|---|---|---|---|---|
            | pod: row | 2,000 | 10.0 ms | 18.0 ms | 19.8 ms | 20.0 ms | 20.0 ms | 5.0 ms |

            | figure | times | p50 | p90 | p99 | p99.9 | most | budget of p99.9 |
            |---|---|---|---|---|---|---|---|
            | start: held | 2,000 | 10.0 ms | 18.0 ms | 19.8 ms | 20.0 ms | 20.0 ms | 2.0 ms |

            | figure | times | p50 | p90 | p99 | p99.9 | most |
            |---|---|---|---|---|---|---|
            | move, last thread | 1 | 10.0 us | 10.0 us | 10.0 us | 10.0 us | 10.0 us |
            """);
  }

  @Test
  void allProgramsOfAStartTogetherStandBesideTheBudgetsOfAStart() {
    // Given
    Map<String, Pairs> runs =
        Map.of(
            "a start, 1 map", Pairs.of(List.of(1_600.0), List.of(440.0)),
            "a start, 16 maps", Pairs.of(List.of(10_600.0), List.of(450.0)));

    // When
    report.budgets("a start", StartFigures.ofAStart(runs));

    // Then
    assertThat(text())
        .isEqualTo(
            """
            | a start | median | budget |
            |---|---|---|
            | no row, 1 map | 440 ns | 350 ns |
            | no row, 16 maps | 450 ns | 350 ns |
            | a row, the first map | 1600 ns | 2000 ns |
            | a row, each further map | 600 ns | 600 ns |
            """);
  }

  @Test
  void figuresOfTheEngineAreComparedWithTheFirstRoundByRound() {
    // Given
    SequencedMap<String, Measured> figures = new LinkedHashMap<>();
    figures.put("a", new Measured(List.of(900.0, 700.0), List.of(1000.0, 2000.0)));
    figures.put("b", new Measured(List.of(30_000.0, 20_000.0), List.of(20_000.0, 20_000.0)));

    // When
    report.pairs("Java", "C", "", Map.of("x", Pairs.of(List.of(1.0), List.of(1.0))));
    report.engine(figures);

    // Then
    assertThat(text())
        .endsWith(
            """
            | x | 1 ns | 1 ns | 1.00 (1.00 to 1.00) |

            | figure | time, median (least) | CPU time | CPU time to that of "a" |
            |---|---|---|---|
            | a | 800 ns (700 ns) | 1500 ns | 1.00 (1.00 to 1.00) |
            | b | 25.0 us (20.0 us) | 20.0 us | 15.00 (10.00 to 20.00) |
            """);
  }

  @Test
  void measurementsOfDifferentRoundsAreNoPairs() {
    assertThatThrownBy(() -> Pairs.of(List.of(1.0), List.of()))
        .hasMessage("pair measurements: 1 and 0: take both in each round");
  }
}
