package io.taskstorage.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The effective capabilities of a thread, as {@code /proc} shows them.
 *
 * @param effective one bit per capability, as in {@code CapEff}
 */
public record Capabilities(long effective) {
  /** Numbers of include/uapi/linux/capability.h. */
  public static final int CAP_SYS_ADMIN = 21;

  /** Tracing programs. */
  public static final int CAP_PERFMON = 38;

  /** Maps, BTF and programs. */
  public static final int CAP_BPF = 39;

  private static final Map<Integer, String> NAMES =
      Map.of(CAP_SYS_ADMIN, "CAP_SYS_ADMIN", CAP_PERFMON, "CAP_PERFMON", CAP_BPF, "CAP_BPF");
  private static final Path STATUS = Path.of("/proc/thread-self/status");
  private static final String KEY = "CapEff:";

  /** The calling thread's. */
  public static Capabilities current() {
    try {
      return of(Files.readAllLines(STATUS));
    } catch (IOException e) {
      throw new UncheckedIOException("capabilities " + STATUS + ": " + e.getMessage(), e);
    }
  }

  /** Reads the lines of a {@code /proc/.../status}. */
  static Capabilities of(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(KEY))
        .map(line -> line.substring(KEY.length()).strip())
        .map(hex -> new Capabilities(Long.parseUnsignedLong(hex, 16)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("capabilities: no line " + KEY));
  }

  /** Whether the capability is there, or CAP_SYS_ADMIN, which contains CAP_BPF and CAP_PERFMON. */
  public boolean has(int capability) {
    return isSet(capability) || isSet(CAP_SYS_ADMIN);
  }

  /** Those of CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN that are there themselves, by name. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    NAMES.forEach(
        (number, name) -> {
          if (isSet(number)) {
            names.add(name);
          }
        });
    return names;
  }

  /** What to do about bpf(2) being refused with EPERM. */
  public String whyBpfIsRefused() {
    return mendMissing(List.of(CAP_BPF))
        .orElse(
            "CAP_BPF is there, so a security module or a seccomp filter refuses it: allow bpf(2)");
  }

  /**
   * What to do about a program of this type being refused with EPERM.
   *
   * @param lockdown as {@link Lockdown#mode} tells it
   */
  String whyProgramIsRefused(ProgramType type, Optional<String> lockdown) {
    return mendMissing(type.needs())
        .orElseGet(
            () ->
                lockdown
                    .filter(mode -> !mode.equals("none"))
                    .map(
                        mode ->
                            "the capabilities are there, and the kernel is locked down ("
                                + mode
                                + "): start it with lockdown=none, or allow bpf(2) in the security"
                                + " module or the seccomp filter that refuses it")
                    .orElse(
                        "the capabilities are there, so this kernel is locked against such programs,"
                            + " or a security module or a seccomp filter refuses it: see"
                            + " /sys/kernel/security/lockdown, and allow bpf(2)"));
  }

  /** Those of these capabilities that are not there, by name. */
  public List<String> missing(List<Integer> needed) {
    return needed.stream().filter(each -> !has(each)).map(NAMES::get).toList();
  }

  private Optional<String> mendMissing(List<Integer> needed) {
    List<String> missing = missing(needed);
    String all = String.join(" and ", missing);
    return switch (missing.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of("%s is missing: run as root or grant %s".formatted(all, all));
      default -> Optional.of(all + " are missing: run as root or grant them");
    };
  }

  private boolean isSet(int capability) {
    return (effective >>> capability & 1) != 0;
  }
}
