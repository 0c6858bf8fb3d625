package io.taskstorage.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The BPF objects that the kernel knows before the first and after the last kernel test of this
 * JVM, as bpftool lists them. An object that is new, and that nobody but the tests can have made,
 * fails the run. The kernel frees maps in its own time after the last descriptor is closed, so this
 * waits.
 *
 * <p>Whose is an object? One for which this JVM holds a descriptor is ours; one for which only
 * others do is theirs. One that nobody holds (pinned, or kept by a link or another object) may be
 * another test run's beside us: it counts only where the machine is the build's own ({@code
 * CI=true}), and only if it was there when the last test ended and stays. Programs of the service
 * manager (named {@code sd_}) come and go at any time and never count.
 */
final class KernelObjects implements AutoCloseable {
  private static final List<String> KINDS = List.of("map", "prog", "link", "btf");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern FIRST_LINE = Pattern.compile("(\\d+): (.*)");
  private static final Pattern ID_OF_DESCRIPTOR =
      Pattern.compile("(map|prog|link|btf)_id:\\s+(\\d+)");

  /** Who holds a descriptor for an object. */
  enum Holder {
    NOBODY,
    THIS_JVM,
    OTHERS
  }

  private final boolean exclusive;
  private final Map<String, String> before;

  private KernelObjects(boolean exclusive, Map<String, String> before) {
    this.exclusive = exclusive;
    this.before = before;
  }

  /**
   * Notes what is there. Without bpftool, or for an ordinary user, it sees nothing; CI forbids
   * that.
   */
  static KernelObjects watch() {
    return watch("true".equals(System.getenv("CI")));
  }

  static KernelObjects watch(boolean exclusive) {
    return new KernelObjects(exclusive, list(exclusive));
  }

  @Override
  public void close() {
    expectNothingLeft(LIMIT);
  }

  void expectNothingLeft(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    Map<String, String> left = left();
    while (!left.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(100_000_000);
      left.keySet().retainAll(left().keySet());
    }
    if (!left.isEmpty()) {
      throw new AssertionError(
          left.values().stream()
              .collect(Collectors.joining("\n  ", "residue: the kernel still has\n  ", "")));
    }
  }

  /** What is there now, was not before, and is ours: kind and id, and bpftool's line about it. */
  Map<String, String> left() {
    Map<String, String> left = new LinkedHashMap<>(list(exclusive));
    left.keySet().removeAll(before.keySet());
    if (!left.isEmpty()) {
      Map<String, Holder> holders = holders();
      left.entrySet()
          .removeIf(
              object ->
                  !isOurs(
                      object.getValue(),
                      holders.getOrDefault(object.getKey(), Holder.NOBODY),
                      exclusive));
    }
    return left;
  }

  static boolean isOurs(String description, Holder holder, boolean exclusive) {
    return switch (holder) {
      case THIS_JVM -> true;
      case OTHERS -> false;
      case NOBODY -> exclusive && !description.contains(" name sd_");
    };
  }

  private static Map<String, String> list(boolean required) {
    Map<String, String> objects = new LinkedHashMap<>();
    for (String kind : KINDS) {
      Outcome outcome;
      try {
        outcome = Bpftool.command(kind, "list").run();
      } catch (CommandMissing e) {
        if (required) {
          throw new AssertionError("residue: bpftool is not installed: run tools/test-packages", e);
        }
        return Map.of();
      }
      if (outcome.exitCode() != 0 && required) {
        throw new AssertionError("residue: bpftool " + kind + " list: " + outcome.stderr().strip());
      }
      objects.putAll(parse(kind, outcome.stdout()));
    }
    return objects;
  }

  static Map<String, String> parse(String kind, String text) {
    Map<String, String> objects = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      Matcher first = FIRST_LINE.matcher(line);
      if (first.matches()) {
        String key = kind + " " + first.group(1);
        objects.put(key, key + " " + first.group(2));
      }
    }
    return objects;
  }

  /** Reads every process's descriptors: Debian's bpftool is built without that. */
  static Map<String, Holder> holders() {
    Map<String, Holder> holders = new TreeMap<>();
    String self = Long.toString(ProcessHandle.current().pid());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        Holder holder =
            process.getFileName().toString().equals(self) ? Holder.THIS_JVM : Holder.OTHERS;
        for (String object : heldBy(process)) {
          holders.merge(object, holder, (a, b) -> a == Holder.THIS_JVM ? a : b);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("residue: cannot read /proc: " + e.getMessage(), e);
    }
    return holders;
  }

  private static List<String> heldBy(Path process) {
    StringBuilder infos = new StringBuilder();
    try (DirectoryStream<Path> fds = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path fd : fds) {
        String target = Files.readSymbolicLink(fd).toString();
        if (target.startsWith("anon_inode:b")) {
          infos.append(Files.readString(process.resolve("fdinfo").resolve(fd.getFileName())));
        }
      }
    } catch (IOException e) {
      // It ended meanwhile, or is another user's: then this is no run that could fail for it.
    }
    return ID_OF_DESCRIPTOR
        .matcher(infos)
        .results()
        .map(id -> id.group(1) + " " + id.group(2))
        .toList();
  }
}
