package io.taskstorage.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The policy engine's figures, by JMH: each in forked and warmed JVMs with the agent's flags, all
 * in turn, several times over.
 */
final class EngineFigures {
  private static final int ROUNDS = 5;
  private static final int ITERATIONS = 3;

  /** Those of {@code ./taskstorage run}. */
  private static final List<String> AGENT_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms8m",
          "-Xmx96m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "--sun-misc-unsafe-memory-access=allow");

  /**
   * One figure.
   *
   * @param name of the figure
   * @param of the class that measures it
   * @param method of that class
   * @param parameters of the class, by name
   */
  record Case(String name, Class<?> of, String method, Map<String, String> parameters) {}

  /** What a case took in each round, in nanoseconds. */
  record Measured(List<Double> wall, List<Double> cpu) {}

  private EngineFigures() {}

  static List<Case> resolution() {
    return Stream.of(SampleCluster.Source.values())
        .flatMap(
            source ->
                Stream.of(
                        Map.entry("unchanged", "nothing changed"),
                        Map.entry("oneLabel", "one label changed"),
                        Map.entry("onePolicy", "one policy changed"))
                    .map(
                        each ->
                            new Case(
                                each.getValue() + ", " + source,
                                ResolutionBenchmark.class,
                                each.getKey(),
                                Map.of("source", source.name()))))
        .toList();
  }

  static List<Case> expressions() {
    List<Case> cases = new ArrayList<>();
    for (ExpressionBenchmark.Source source : ExpressionBenchmark.Source.values()) {
      cases.add(
          new Case(
              "evaluate " + source,
              ExpressionBenchmark.class,
              "evaluate",
              Map.of("source", source.name())));
    }
    cases.add(
        new Case(
            "compile an expression",
            ExpressionBenchmark.class,
            "compile",
            Map.of("source", ExpressionBenchmark.Source.LITERAL.name())));
    return cases;
  }

  /** Runs the cases in turn. */
  static SequencedMap<String, Measured> run(List<Case> cases) {
    SequencedMap<String, Measured> measured = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Case each : cases) {
        RunResult result = run(each);
        Measured into =
            measured.computeIfAbsent(
                each.name(), _ -> new Measured(new ArrayList<>(), new ArrayList<>()));
        into.wall().add(result.getPrimaryResult().getScore());
        into.cpu()
            .add(
                Objects.requireNonNull(result.getSecondaryResults().get(CpuTime.LABEL), "cpu")
                    .getScore());
      }
    }
    return measured;
  }

  private static RunResult run(Case each) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(each.of().getName() + "." + each.method()) + "$")
            .jvmArgs(AGENT_FLAGS.toArray(String[]::new))
            .forks(1)
            .warmupIterations(ITERATIONS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(CpuTime.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    each.parameters().forEach(options::param);
    try {
      return new Runner(options.build()).runSingle();
    } catch (RunnerException e) {
      throw new IllegalStateException("measure " + each.name() + ": " + e.getMessage(), e);
    }
  }
}
