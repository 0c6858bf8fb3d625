package io.taskstorage.testkit;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The BPF objects that the kernel knows before the first and after the last kernel test of this
 * JVM, as bpftool lists them. An object that is new, and that nobody but the tests can have made,
 * fails the run. The kernel frees maps in its own time after the last descriptor is closed, so this
 * waits.
 *
 * <p>Whose is an object? bpftool names the processes that hold a descriptor. One that this JVM
 * holds is ours. One that nobody holds (pinned, or kept by a link) may be another test run's beside
 * us: it counts only where the machine is the build's own ({@code CI=true}). bpftool's own
 * programs, and those of the service manager (named {@code sd_}), come and go at any time and never
 * count.
 */
final class KernelObjects implements AutoCloseable {
  private static final List<String> KINDS = List.of("map", "prog", "link", "btf");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern FIRST_LINE = Pattern.compile("(\\d+): (.*)");
  private static final Pattern HOLDERS = Pattern.compile("\\s+pids (.*)");
  private static final Pattern HOLDER = Pattern.compile("\\((\\d+)\\)");

  private final boolean exclusive;
  private final long self;
  private final Map<String, KernelObject> before;

  /**
   * @param key kind and id
   * @param description as bpftool has it
   */
  record KernelObject(String key, String description, List<Long> holders) {}

  private KernelObjects(boolean exclusive, Map<String, KernelObject> before) {
    this.exclusive = exclusive;
    this.self = ProcessHandle.current().pid();
    this.before = before;
  }

  /**
   * Notes what is there. Without bpftool, or for an ordinary user, it sees nothing; CI forbids
   * that.
   */
  static KernelObjects watch() {
    boolean exclusive = "true".equals(System.getenv("CI"));
    return new KernelObjects(exclusive, list(exclusive));
  }

  @Override
  public void close() {
    long end = System.nanoTime() + LIMIT.toNanos();
    List<KernelObject> left;
    do {
      left = leftOf(list(exclusive).values());
      if (left.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(200_000_000);
    } while (System.nanoTime() < end);
    throw new AssertionError(
        "residue: the kernel still has after the last test:\n  "
            + String.join("\n  ", left.stream().map(KernelObject::description).toList()));
  }

  List<KernelObject> leftOf(Collection<KernelObject> now) {
    return now.stream()
        .filter(object -> !before.containsKey(object.key()))
        .filter(object -> isOurs(object, self, exclusive))
        .toList();
  }

  static boolean isOurs(KernelObject object, long self, boolean exclusive) {
    if (object.description().contains("name sd_")) {
      return false;
    }
    return object.holders().contains(self) || (exclusive && object.holders().isEmpty());
  }

  private static Map<String, KernelObject> list(boolean required) {
    Map<String, KernelObject> objects = new LinkedHashMap<>();
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
      parse(kind, outcome.stdout(), objects);
    }
    return objects;
  }

  static void parse(String kind, String text, Map<String, KernelObject> objects) {
    String key = "";
    for (String line : text.lines().toList()) {
      Matcher first = FIRST_LINE.matcher(line);
      Matcher holders = HOLDERS.matcher(line);
      if (first.matches()) {
        key = kind + " " + first.group(1);
        objects.put(key, new KernelObject(key, key + " " + first.group(2), List.of()));
      } else if (holders.matches()) {
        String names = holders.group(1);
        List<Long> pids =
            HOLDER.matcher(names).results().map(r -> Long.valueOf(r.group(1))).toList();
        objects.computeIfPresent(
            key,
            (k, object) -> new KernelObject(k, object.description() + " held by " + names, pids));
      }
    }
  }
}
