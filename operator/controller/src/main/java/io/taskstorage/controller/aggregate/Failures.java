package io.taskstorage.controller.aggregate;

import io.taskstorage.api.v1alpha1.NodeFailure;
import io.taskstorage.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sums up what nodes say goes wrong. Filled in the order of the nodes' names; confined. */
final class Failures {

  static final int MAX_ROWS = 8;
  private static final int MAX_EXAMPLES = 3;

  /** What makes two failures one kind. An empty field: the node fails as a whole. */
  record Kind(String reason, String field) {}

  /** One kind of failure. Nodes are examples too as long as there are few of them. */
  static final class Row {
    private final Kind kind;
    private final List<String> exampleNodes = new ArrayList<>();
    private int nodes;
    private long pods;
    private @Nullable String examplePod;

    private Row(Kind kind) {
      this.kind = kind;
    }

    Kind kind() {
      return kind;
    }

    int nodes() {
      return nodes;
    }

    List<String> exampleNodes() {
      return exampleNodes;
    }

    int pods() {
      return (int) Math.min(pods, Integer.MAX_VALUE);
    }

    @Nullable String examplePod() {
      return examplePod;
    }

    private void add(String node) {
      nodes++;
      if (exampleNodes.size() < MAX_EXAMPLES) {
        exampleNodes.add(node);
      }
    }
  }

  /** Nodes first that fail as a whole; then what concerns most nodes. */
  private static final Comparator<Row> ORDER =
      Comparator.comparing((Row row) -> !row.kind.field.isEmpty())
          .thenComparing(Comparator.comparingInt(Row::nodes).reversed())
          .thenComparing(row -> row.kind.reason)
          .thenComparing(row -> row.kind.field);

  private final Map<Kind, Row> rows =
      new TreeMap<>(Comparator.comparing(Kind::reason).thenComparing(Kind::field));

  /** A node that cannot do it; an empty reason is one that the node does not give. */
  void addNode(String node, String reason) {
    String word = reason.isEmpty() ? Reason.NODES_FAILED.wire() : reason;
    rows.computeIfAbsent(new Kind(word, ""), Row::new).add(node);
  }

  /** A field that is zero for some subjects of a node. */
  void addField(String node, NodeFailure failure, boolean showsPod) {
    Kind kind =
        new Kind(
            Objects.requireNonNullElse(failure.reason(), Reason.EVALUATION_ERROR.wire()),
            Objects.requireNonNullElse(failure.field(), ""));
    Row row = rows.computeIfAbsent(kind, Row::new);
    row.add(node);
    row.pods += Objects.requireNonNullElse(failure.pods(), 0);
    if (row.examplePod == null && showsPod) {
      row.examplePod = failure.examplePod();
    }
  }

  /** At most {@value #MAX_ROWS} of them, the gravest first. */
  List<Row> worst() {
    return rows.values().stream().sorted(ORDER).limit(MAX_ROWS).toList();
  }

  /** True if some field is zero. */
  boolean hasFields() {
    return rows.keySet().stream().anyMatch(kind -> !kind.field.isEmpty());
  }

  /** Why nodes failed: {@code ForeignPin on 2, KernelUnsupported on 1}. */
  String ofNodes() {
    return rows.values().stream()
        .filter(row -> row.kind.field.isEmpty())
        .sorted(ORDER)
        .limit(MAX_ROWS)
        .map(row -> row.kind.reason + " on " + row.nodes)
        .collect(Collectors.joining(", "));
  }

  /** What a reason means, for people. */
  static String sentence(String reason) {
    Optional<Reason> known = Reason.ofWire(reason);
    if (known.isEmpty()) {
      return "a reason that this version of the controller does not know";
    }
    String mend = known.get().mend();
    String both = known.get().sentence() + (mend.equals("nothing") ? "" : ": " + mend);
    return both.length() <= 256 ? both : known.get().sentence();
  }
}
