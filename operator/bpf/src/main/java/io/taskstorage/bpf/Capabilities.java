package io.taskstorage.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
    return has(CAP_BPF)
        ? "CAP_BPF is there, so a security module or a seccomp filter refuses it: allow bpf(2)"
        : missing(List.of(CAP_BPF));
  }

  /** What to do about a program of this type being refused with EPERM. */
  String whyProgramIsRefused(ProgramType type) {
    List<Integer> missing = type.needs().stream().filter(needed -> !has(needed)).toList();
    return missing.isEmpty()
        ? "the capabilities are there, so this kernel is locked against such programs, or a security"
            + " module or a seccomp filter refuses it: see /sys/kernel/security/lockdown, and allow"
            + " bpf(2)"
        : missing(missing);
  }

  private static String missing(List<Integer> capabilities) {
    String all = capabilities.stream().map(NAMES::get).collect(Collectors.joining(" and "));
    return "%s %s missing: run as root or grant %s"
        .formatted(
            all, capabilities.size() == 1 ? "is" : "are", capabilities.size() == 1 ? all : "them");
  }

  private boolean isSet(int capability) {
    return (effective >>> capability & 1) != 0;
  }
}
