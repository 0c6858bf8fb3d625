package io.taskstorage.api.v1alpha1;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every reason that a condition, a node state or a command can give: the one table that programs
 * and reference share.
 *
 * <p>The wire value, the constant's name in camel case, is API and never changes its meaning.
 * Readers treat a reason that they do not know as plain text.
 */
public enum Reason {
  /** The object is new to its judge. */
  PENDING(
      ReasonScope.ACCEPTANCE,
      ReasonUrgency.WAIT,
      "nobody has judged this generation yet",
      "wait; if it stays, look whether the controller runs"),
  /** The object is in force. */
  ACCEPTED(ReasonScope.ACCEPTANCE, ReasonUrgency.NONE, "the spec is valid and in force", "nothing"),
  /** The object breaks a rule. */
  INVALID(
      ReasonScope.ACCEPTANCE,
      ReasonUrgency.ACT,
      "the spec breaks a rule, or does not fit the map that it is for",
      "mend every path that the message names"),
  /** The object uses what this version does not know. */
  UNSUPPORTED_FIELD(
      ReasonScope.ACCEPTANCE,
      ReasonUrgency.ACT,
      "the spec has a field or a value that this version or this mode does not know; all of it is"
          + " refused rather than guessed",
      "correct the spelling, or upgrade what refuses it"),
  /** The map is missing or refused. */
  TARGET_NOT_FOUND(
      ReasonScope.ACCEPTANCE,
      ReasonUrgency.WAIT,
      "the map that the policy is for does not exist, or is itself refused",
      "create or mend the map; the order in which objects are applied does not matter"),
  /** Another map has the pin's name. */
  BPF_NAME_CONFLICT(
      ReasonScope.ACCEPTANCE,
      ReasonUrgency.ACT,
      "another map has the same bpfName and keeps it",
      "give this map another bpfName, or delete the other map"),
  /** The map's owner did not agree. */
  NOT_ALLOWED_BY_TARGET(
      ReasonScope.ACCEPTANCE,
      ReasonUrgency.ACT,
      "the map takes no policy from this namespace, or not for one of the fields",
      "ask the map's owner to widen allowedPolicies, or drop the fields that it does not list"),

  /** All is done. */
  PROGRAMMED(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "every expected node has done what the spec asks",
      "nothing"),
  /** Some fields are decided by another policy. */
  PARTIALLY_PROGRAMMED(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "some fields are decided by a policy that goes first",
      "nothing, if that is meant; else compare tier, priority and name of the two"),
  /** All fields are decided by others. */
  OVERRIDDEN(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "every field is decided by policies that go first, for every task",
      "nothing, if that is meant; else compare tier, priority and name with the winners"),
  /** The policy selects nothing. */
  NO_MATCH(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "no node, pod, container or cgroup is selected at present",
      "nothing, if that is meant; else check selectors, unit names and paths"),
  /** Nodes are at work. */
  RECONCILING(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.WAIT,
      "expected nodes have not acted on this generation yet",
      "wait"),
  /** There is nobody to act. */
  NO_AGENTS(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.WAIT,
      "no node that the map selects has a ready agent",
      "look whether the agents run on these nodes"),
  /** Tolerated failures. */
  SOME_NODES_FAILED(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "some nodes failed, no more than maxFailedNodes allows",
      "see the failures; the rest is in force"),
  /** Failures beyond what is tolerated. */
  NODES_FAILED(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.ACT,
      "nodes cannot do what the spec asks, more than maxFailedNodes allows",
      "mend what the failures name for each node"),
  /** Policies of a kind are for the map. */
  POLICIES_ATTACHED(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "policies of the kind that the condition names are for this map",
      "nothing"),
  /** No policy of a kind is for the map. */
  NO_POLICIES(
      ReasonScope.PROGRAMMING,
      ReasonUrgency.NONE,
      "no policy of the kind that the condition names is for this map",
      "nothing, if that is meant"),
  /** The pin's path is taken. */
  FOREIGN_PIN(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the path of the pin holds something that is not this agent's; it is neither used nor"
          + " removed",
      "remove the path on the node, or give the map another bpfName"),
  /** Pins cannot be made. */
  NOT_BPFFS(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the folder for pins is not on a bpf file system",
      "mount one: mount -t bpf bpf /sys/fs/bpf"),
  /** Another writer lives. */
  NODE_HELD(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "another agent writes on this node",
      "end the process that the message names, or let it do the work"),
  /** bpf(2) said no. */
  KERNEL_REFUSED(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the kernel refused a call of bpf(2)",
      "see the error in the message; most often a capability is missing"),
  /** No task storage here. */
  KERNEL_UNSUPPORTED(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the node's kernel has no task storage, which came with 5.11",
      "upgrade the kernel, or exclude the node by the map's nodeSelector"),
  /** The kernel's limit is below the value's size. */
  VALUE_TOO_LARGE(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the node's kernel takes no entry of this size",
      "make the value smaller; 8120 bytes fit every kernel"),
  /** Only leaders are reached. */
  THREADS_UNREACHABLE(
      ReasonScope.NODE,
      ReasonUrgency.NONE,
      "the node's kernel, older than 6.9, lets the agent reach the first thread of a process only",
      "upgrade the kernel where threads need values"),
  /** The programs have no room. */
  TOO_MANY_MAPS(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the node has as many maps as its programs in the kernel keep, which is 16",
      "delete a map, or put several into one with more fields"),
  /** The value table is full. */
  TOO_MANY_VALUES(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "the map has more different values at once than a node's table holds",
      "use fewer different values, or a second map"),
  /** The programs walk up only so far. */
  CGROUP_TOO_DEEP(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "tasks are in cgroups nested so deeply that the node's programs do not reach a row above",
      "let a policy select a cgroup that is nearer, or nest cgroups less deeply"),
  /** Somebody else works on what is the agent's. */
  FOREIGN_CHANGE(
      ReasonScope.NODE,
      ReasonUrgency.ACT,
      "another process of root took pins, rows or values from the node's programs; made again now",
      "find out which process of the node does so, and end it"),
  /** The kubelet does not report. */
  NODE_NOT_READY(
      ReasonScope.FLEET,
      ReasonUrgency.WAIT,
      "the node is not Ready: nothing is expected of it, and what is in force there stays",
      "wait; if it stays, see kubectl describe node"),
  /** Nobody works on the node. */
  AGENT_NOT_READY(
      ReasonScope.FLEET,
      ReasonUrgency.WAIT,
      "the node has no Ready agent: what is in force there stays, and nothing new comes",
      "wait; if it stays, see the agent's pod, its log and its /readyz"),
  /** Some tasks are not as they should be. */
  ENTRIES_FAILED(
      ReasonScope.FLEET,
      ReasonUrgency.ACT,
      "tasks do not have the values that policies give them",
      "see taskstorage entries and taskstorage doctor on the node"),
  /** There is nothing to compute from. */
  MISSING_KEY(
      ReasonScope.EVALUATION,
      ReasonUrgency.NONE,
      "the label, annotation or property that the value comes from is not there",
      "add it, or give the expression a default, as in ns.labels[?'tenant'].orValue('0')"),
  /** The result is no value of the field. */
  DOES_NOT_FIT(
      ReasonScope.EVALUATION,
      ReasonUrgency.NONE,
      "what was computed does not fit the field: not of its form, out of its range, or too long",
      "correct the label or annotation, or convert it in the expression"),
  /** The expression ended with an error. */
  EVALUATION_ERROR(
      ReasonScope.EVALUATION,
      ReasonUrgency.NONE,
      "the expression failed for this subject, such as by overflow or division by zero",
      "guard the expression against the case"),
  /** The expression takes too long. */
  EVALUATION_LIMIT(
      ReasonScope.EVALUATION,
      ReasonUrgency.NONE,
      "the expression needs more iterations or time than one evaluation may take",
      "simplify the expression, or compute the value where the label is written");

  private final String wire;
  private final ReasonScope scope;
  private final ReasonUrgency urgency;
  private final String sentence;
  private final String mend;

  Reason(ReasonScope scope, ReasonUrgency urgency, String sentence, String mend) {
    this.wire =
        Arrays.stream(name().split("_", -1))
            .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining());
    this.scope = scope;
    this.urgency = urgency;
    this.sentence = sentence;
    this.mend = mend;
  }

  /** The reason with this wire value; empty for one of a newer version. */
  public static Optional<Reason> ofWire(String wire) {
    return Arrays.stream(values()).filter(reason -> reason.wire.equals(wire)).findFirst();
  }

  /** The value in conditions, node states, metrics and messages. */
  public String wire() {
    return wire;
  }

  /** What the reason speaks of. */
  public ReasonScope scope() {
    return scope;
  }

  /** What the reason asks of people. */
  public ReasonUrgency urgency() {
    return urgency;
  }

  /** What it means: lower case, no full stop. */
  public String sentence() {
    return sentence;
  }

  /** What to do about it: lower case, no full stop; {@code nothing} where nothing is to be done. */
  public String mend() {
    return mend;
  }
}
