package io.taskstorage.testkit;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the test that leaves something behind: descriptors of BPF objects and pidfds, ring buffer
 * mappings, bpffs mounts and pins in them, cgroups, threads, child processes. It looks before and
 * after every test, and around every class for what {@code @BeforeAll} and constructors made.
 *
 * <p>Found through ServiceLoader, so that no test can forget it. It is registered before every
 * other extension and checks when the test's store is closed, hence after them all: a sandbox that
 * closes itself with the test is closed by then.
 *
 * <p>What it sees is this JVM's own: its descriptors, threads and children, and in shared places
 * only names with {@link RunName#PREFIX}. After the last test {@link KernelObjects} looks at the
 * kernel's lists too, where a test of the run needed the kernel.
 */
public final class Residue implements BeforeAllCallback, BeforeEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(Residue.class);

  /**
   * Configuration parameter: how long threads may wind down and children be reaped, which happens
   * in its own time. All else must be gone at once.
   */
  static final String WIND_DOWN_MILLIS = "taskstorage.residue.windDownMillis";

  /** For ServiceLoader. */
  public Residue() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    if (context.getTags().contains(KernelTest.TAG)) {
      watchKernelObjects(context);
    }
    watch(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (context.getTags().contains(KernelTest.TAG)) {
      watchKernelObjects(context);
    }
    watch(context);
  }

  private static void watch(ExtensionContext context) {
    Set<Leftover> reported =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(
                ReportedLeftovers.class, key -> new ReportedLeftovers(), ReportedLeftovers.class)
            .leftovers();
    Duration windDown =
        Duration.ofMillis(
            context.getConfigurationParameter(WIND_DOWN_MILLIS).map(Long::valueOf).orElse(20_000L));
    Snapshot before = Snapshot.take();
    AutoCloseable check =
        () -> check(context.getDisplayName(), before.leftovers(windDown), reported);
    context.getStore(NAMESPACE).put(Snapshot.class, check);
  }

  private static void watchKernelObjects(ExtensionContext context) {
    context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(KernelObjects.class, key -> KernelObjects.watch(), KernelObjects.class);
  }

  private static void check(String test, List<Leftover> left, Set<Leftover> reported) {
    // What a test left is that test's failure, and not its class's as well.
    List<Leftover> fresh = left.stream().filter(reported::add).toList();
    if (!fresh.isEmpty()) {
      throw new AssertionError(
          fresh.stream()
              .map(Leftover::toString)
              .collect(Collectors.joining("\n  ", "residue: " + test + " left behind:\n  ", "")));
    }
  }

  private record ReportedLeftovers(Set<Leftover> leftovers) {
    ReportedLeftovers() {
      this(new HashSet<>());
    }
  }
}
