package io.taskstorage.agent.command;

import io.taskstorage.testkit.ChangedKernelTypes;
import io.taskstorage.testkit.Command;
import java.nio.file.Path;
import java.util.Map;

/** Why the plane in the kernel does not work, made for one process, and what is said of it. */
enum InKernelRefusal {
  MEMBER(
      "find member task_struct.__state: ENOENT (no such file or entry)",
      "this kernel's struct has no such member: use the plane rescan, and report the kernel"),
  TRACEPOINT(
      "program load wakeup with btf_trace_sched_wakeup_new: ENOENT (no such file or entry)",
      "this kernel has no such tracepoint: use the plane rescan, and report the kernel"),
  /** Where the pointer should be the kernel has a signal set: of which the verifier knows. */
  VERIFIER(
      "program load sweep: EACCES (permission denied): the verifier says \"",
      "use the plane rescan, and report the kernel"),
  CAPABILITY(
      "program load sweep: EPERM (operation not permitted)",
      "CAP_PERFMON is missing: run as root or grant CAP_PERFMON");

  private final String reason;
  private final String mend;

  InKernelRefusal(String reason, String mend) {
    this.reason = reason;
    this.mend = mend;
  }

  /** The first words of the reason; all of them but for the verifier's. */
  String reason() {
    return reason;
  }

  String mend() {
    return mend;
  }

  /** Which names in the kernel's types are others then; none where these do not matter. */
  private Map<String, String> names() {
    return switch (this) {
      case MEMBER -> Map.of("__state", "__stair");
      case TRACEPOINT -> Map.of("btf_trace_sched_wakeup_new", "btf_trace_sched_wakeup_old");
      case VERIFIER -> Map.of("cgroups", "blocked", "blocked", "cgroups");
      case CAPABILITY -> Map.of();
    };
  }

  /**
   * The command, of which it becomes true.
   *
   * @param folder takes a file that lives as long
   */
  Command befall(Command command, Path folder) {
    return names().isEmpty()
        ? command.prefixed("setpriv", "--bounding-set", "-perfmon,-sys_admin", "--inh-caps", "-all")
        : command.prefixed(
            ChangedKernelTypes.insteadOfTheKernels(
                ChangedKernelTypes.write(folder.resolve("vmlinux-" + name()), names())));
  }
}
