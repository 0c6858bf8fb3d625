package io.taskstorage.e2e.operator;

import java.util.Locale;
import java.util.Set;

/** The situations of an object, with what whoever waits for it is meant to hear. */
enum Situation {
  PENDING(Verdict.WAIT, Kind.ALL),
  ROLLING_OUT(Verdict.WAIT, Kind.ALL),
  NO_AGENTS(Verdict.WAIT, Kind.ALL),
  /** The map comes later in the same sync. */
  TARGET_MISSING(Verdict.WAIT, Kind.POLICIES),

  PROGRAMMED(Verdict.DONE, Kind.ALL),
  NO_MATCH(Verdict.DONE, Kind.ALL),
  PARTLY_OVERRIDDEN(Verdict.DONE, Kind.POLICIES),
  OVERRIDDEN(Verdict.DONE, Kind.POLICIES),
  /** One bad pod does not turn the application of a whole cluster red. */
  ZERO_VALUES(Verdict.DONE, Kind.POLICIES),
  UNAVAILABLE(Verdict.DONE, Kind.ALL),
  /** A node that comes later takes nothing back. */
  JOINED_LATER(Verdict.DONE, Kind.ALL),
  /** No more than maxFailedNodes. */
  SOME_NODES_FAILED(Verdict.DONE, Kind.ALL),

  INVALID(Verdict.ACT, Kind.ALL),
  BPF_NAME_CONFLICT(Verdict.ACT, Set.of(Kind.MAP)),
  NOT_ALLOWED(Verdict.ACT, Set.of(Kind.POLICY)),
  NODES_FAILED(Verdict.ACT, Kind.ALL),
  UNSUPPORTED_FIELD(Verdict.ACT, Kind.ALL),
  /** Agents that are older than the controller. */
  AGENTS_REFUSE(Verdict.ACT, Kind.POLICIES);

  /** The kinds that users write. */
  enum Kind {
    MAP,
    CLUSTERPOLICY,
    POLICY;

    static final Set<Kind> ALL = Set.of(values());
    static final Set<Kind> POLICIES = Set.of(CLUSTERPOLICY, POLICY);

    String fileName(Situation situation) {
      String words = name() + "-" + situation.name().replace('_', '-');
      return words.toLowerCase(Locale.ROOT) + ".yaml";
    }
  }

  private final Verdict intended;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is, and has no type of its own.
  private final Set<Kind> kinds;

  Situation(Verdict intended, Set<Kind> kinds) {
    this.intended = intended;
    this.kinds = kinds;
  }

  Verdict intended() {
    return intended;
  }

  /** The kinds that can be in it. */
  Set<Kind> kinds() {
    return kinds;
  }
}
