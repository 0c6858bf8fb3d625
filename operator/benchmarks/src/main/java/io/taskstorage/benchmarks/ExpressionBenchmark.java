package io.taskstorage.benchmarks;

import io.taskstorage.api.v1alpha1.LabelSelector;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.AcceptedPolicy;
import io.taskstorage.policy.FieldValue;
import io.taskstorage.policy.NamespaceRule;
import io.taskstorage.policy.PodProperty;
import io.taskstorage.policy.PolicyKey;
import io.taskstorage.policy.ReclaimPolicy;
import io.taskstorage.policy.Resolution;
import io.taskstorage.policy.ResolvedValue;
import io.taskstorage.policy.Subject;
import io.taskstorage.policy.SubjectFacts;
import io.taskstorage.policy.Tier;
import io.taskstorage.policy.ValueSource;
import io.taskstorage.policy.cel.CelCompilation;
import io.taskstorage.policy.cel.CelExpression;
import io.taskstorage.policy.cel.CelVariable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One field of one pod, by each source of a value; and what it takes to compile an expression. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExpressionBenchmark {
  private static final Field FIELD =
      new Field("app", ScalarType.CHAR, OptionalInt.of(32), Owner.POLICY);
  private static final List<CelVariable> VARIABLES =
      List.of(
          new CelVariable("pod.name", CelVariable.Kind.TEXT),
          new CelVariable("pod.labels", CelVariable.Kind.TEXTS),
          new CelVariable("ns.name", CelVariable.Kind.TEXT),
          new CelVariable("ns.labels", CelVariable.Kind.TEXTS));
  private static final SubjectFacts POD =
      new SubjectFacts.Pod(new SampleCluster(1, 0, 0, SampleCluster.Source.LITERAL).pod(0));

  /** Where the value comes from. */
  public enum Source {
    /** Written in the policy. */
    LITERAL(""),
    /** The pod's label by fieldRef. */
    FIELD_REF("metadata.labels['app']"),
    /** The same label by an expression. */
    CEL_LABEL("pod.labels['app']"),
    /** A text that is put together. */
    CEL_TEXT("ns.name + '/' + pod.name"),
    /** A choice between several. */
    CEL_CHOICE(
        "has(pod.labels.tier) && pod.labels.tier == 'gold' || pod.name.startsWith('gold-')"
            + " ? 'gold' : ns.labels[?'team'].orValue('none')");

    private final String text;

    Source(String text) {
      this.text = text;
    }

    ValueSource valueSource() {
      return switch (this) {
        case LITERAL -> new ValueSource.Literal("app-0");
        case FIELD_REF -> new ValueSource.FieldRef(PodProperty.parse(text).orElseThrow());
        case CEL_LABEL, CEL_TEXT, CEL_CHOICE -> new ValueSource.Cel(compiled(text));
      };
    }
  }

  /** Which source. */
  @Param private Source source = Source.LITERAL;

  private Map<String, AcceptedMap> maps = Map.of();
  private List<AcceptedPolicy> policies = List.of();
  private int compilations;

  /** Makes the map and the policy. */
  @Setup
  public void accept() {
    StructLayout layout = StructLayout.of("bench", List.of(FIELD));
    maps =
        Map.of(
            "bench",
            new AcceptedMap(
                "bench",
                "bench",
                layout,
                LabelSelector.EVERYTHING,
                ReclaimPolicy.DELETE,
                new NamespaceRule.None(),
                Set.of(),
                0));
    policies =
        List.of(
            new AcceptedPolicy(
                PolicyKey.cluster("bench"),
                Tier.BASELINE,
                0,
                "bench",
                new Subject.Pods(
                    Optional.of(LabelSelector.EVERYTHING), LabelSelector.EVERYTHING, List.of()),
                List.of(new FieldValue(FIELD.name(), source.valueSource())),
                0));
  }

  /** The value of a pod, from the policy to the bytes and who decided. */
  @Benchmark
  public SortedMap<String, ResolvedValue> evaluate() {
    return Resolution.resolve(policies, maps, POD, ClusterNode.NODE);
  }

  /** Compiles an expression that was never seen before. */
  @Benchmark
  public CelExpression compile() {
    return compiled("'" + compilations++ + "' == '' ? '' : " + Source.CEL_CHOICE.text);
  }

  private static CelExpression compiled(String text) {
    return switch (CelExpression.compile(text, FIELD, VARIABLES)) {
      case CelCompilation.Compiled(CelExpression expression) -> expression;
      case CelCompilation.Refused(List<String> problems) ->
          throw new IllegalStateException(text + ": " + problems);
    };
  }
}
