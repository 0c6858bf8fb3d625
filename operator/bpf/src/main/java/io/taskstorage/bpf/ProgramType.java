package io.taskstorage.bpf;

import java.util.List;

/**
 * What kind of program it is and what it can be attached to ({@code enum bpf_prog_type} and, for
 * tracing programs, the kernel's type that says which arguments it gets).
 */
public sealed interface ProgramType {
  /** The capabilities without which the kernel refuses to load such a program. */
  default List<Integer> needs() {
    return switch (this) {
      case Iterator _, Tracepoint _ -> List.of(Capabilities.CAP_BPF, Capabilities.CAP_PERFMON);
      case Syscall _, SocketFilter _ -> List.of(Capabilities.CAP_BPF);
    };
  }

  /**
   * Run for each object of a kind, as a reader asks ({@code iter/task}, or {@code iter.s/task} when
   * it may sleep). Needs CAP_BPF and CAP_PERFMON.
   *
   * @param target the kind of object, {@code task}
   */
  record Iterator(String target, boolean sleepable) implements ProgramType {}

  /**
   * Run at a tracepoint with typed arguments ({@code tp_btf/task_newtask}). Needs CAP_BPF and
   * CAP_PERFMON.
   *
   * @param name the tracepoint, {@code task_newtask}
   */
  record Tracepoint(String name) implements ProgramType {}

  /** Run by PROG_RUN with a context of the caller; may sleep. Needs CAP_BPF. */
  record Syscall() implements ProgramType {}

  /** Never attached here: the plainest type, by which a probe learns whether programs load. */
  record SocketFilter() implements ProgramType {}
}
