package io.taskstorage.cli.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.taskstorage.api.v1alpha1.EntryCounts;
import io.taskstorage.api.v1alpha1.MapNodeCounts;
import io.taskstorage.api.v1alpha1.Reason;
import io.taskstorage.api.v1alpha1.ReasonUrgency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in line and what is not, as programs read it; {@link StatusTable} tells people.
 *
 * @param maps each map with its counts
 * @param notInLine what is not as the objects ask
 * @param notes what deserves a look, or could not be looked at
 */
@JsonPropertyOrder({"inLine", "maps", "notInLine", "notes"})
public record StatusReport(List<MapLine> maps, List<Deviation> notInLine, List<String> notes) {

  private static final String ACT = "act";
  private static final String WAIT = "wait";

  /** Copies the lists. */
  public StatusReport {
    maps = List.copyOf(maps);
    notInLine = List.copyOf(notInLine);
    notes = List.copyOf(notes);
  }

  /** True if nothing is out of line. */
  @JsonProperty
  public boolean inLine() {
    return notInLine.isEmpty();
  }

  static @Nullable String word(ReasonUrgency urgency) {
    return switch (urgency) {
      case ACT -> ACT;
      case WAIT -> WAIT;
      case NONE -> null;
    };
  }

  /**
   * One map.
   *
   * @param ready its condition Ready is true for its present generation
   * @param nodes as its status counts them; absent until it does
   * @param policies those that are for it
   * @param entries as its status counts them; absent until it does
   */
  public record MapLine(
      String name,
      boolean ready,
      @Nullable MapNodeCounts nodes,
      PolicyCounts policies,
      @Nullable EntryCounts entries) {}

  /** Policies, and how many of them are ready. */
  public record PolicyCounts(int ready, int all) {}

  /**
   * One thing that is not in line.
   *
   * @param kind of the object that it is about; {@code Node} for what is wrong with nodes alone
   * @param namespace of the object; absent without one
   * @param name of the object; absent for nodes
   * @param reason a word of {@link Reason}, or a newer version's
   * @param urgency {@code act}: stays until somebody acts; {@code wait}: passes by itself; absent
   *     where nobody must act
   * @param meaning what the reason means
   * @param message what is said of this very case; absent where nothing is
   * @param mend what to do
   * @param nodes where, all of them as far as known
   * @param tasks how many tasks are concerned; absent where nobody counts them
   * @param field of a policy; absent where it is about the whole object
   * @param pods how many pods are concerned; absent where nobody counts them
   * @param examplePod one of them
   */
  public record Deviation(
      String kind,
      @Nullable String namespace,
      @Nullable String name,
      String reason,
      @Nullable String urgency,
      String meaning,
      @Nullable String message,
      String mend,
      List<String> nodes,
      @Nullable Long tasks,
      @Nullable String field,
      @Nullable Integer pods,
      @Nullable String examplePod) {
    /** Copies the list. */
    public Deviation {
      nodes = List.copyOf(nodes);
    }

    /** True if it stays until somebody acts. */
    boolean isStalled() {
      return ACT.equals(urgency);
    }

    /** As people name it. */
    String subject() {
      if (name == null) {
        return nodes.size() == 1 ? "node" : nodes.size() + " nodes";
      }
      return kind
          + " "
          + (namespace == null ? name : namespace + "/" + name)
          + (field == null ? "" : " field " + field);
    }
  }
}
