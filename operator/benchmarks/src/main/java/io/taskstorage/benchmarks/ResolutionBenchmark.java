package io.taskstorage.benchmarks;

import io.taskstorage.agent.compute.Desired;
import io.taskstorage.agent.compute.DesiredComputation;
import io.taskstorage.agent.compute.LastAccepted;
import io.taskstorage.agent.observe.Observed;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an agent computes in one turn: all objects judged, every cgroup selected, every value
 * resolved.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResolutionBenchmark {
  /** Pods on the node, each with two containers. */
  @Param("500")
  private int pods;

  /** Policies in force. */
  @Param("200")
  private int policies;

  /** Maps that the policies are for. */
  @Param("16")
  private int maps;

  /** Where values come from. */
  @Param({"LITERAL", "MIXED"})
  private SampleCluster.Source source = SampleCluster.Source.LITERAL;

  private Observed observed = ClusterNode.NOTHING;
  private Observed otherLabel = ClusterNode.NOTHING;
  private Observed otherPolicy = ClusterNode.NOTHING;
  private boolean isOther;

  /** Makes the node. */
  @Setup
  public void observe() {
    SampleCluster cluster = new SampleCluster(pods, policies, maps, source);
    observed = ClusterNode.observed(cluster);
    otherLabel = ClusterNode.withOneLabelChanged(cluster);
    otherPolicy = ClusterNode.withOnePolicyChanged(cluster);
  }

  /** Nothing has changed since the turn before. */
  @Benchmark
  public Desired unchanged() {
    return compute(observed);
  }

  /** One pod has another label than in the turn before. */
  @Benchmark
  public Desired oneLabel() {
    isOther = !isOther;
    return compute(isOther ? otherLabel : observed);
  }

  /** One policy has another value than in the turn before. */
  @Benchmark
  public Desired onePolicy() {
    isOther = !isOther;
    return compute(isOther ? otherPolicy : observed);
  }

  private static Desired compute(Observed observed) {
    return DesiredComputation.of(observed, ClusterNode.NODE, LastAccepted.NONE);
  }
}
