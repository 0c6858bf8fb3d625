package io.taskstorage.e2e.kernels.guest;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Probe;
import io.taskstorage.bpf.ProbeResult;
import io.taskstorage.e2e.kernels.guest.Result.Outcome;
import io.taskstorage.testkit.GuestSuite;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program of a guest: runs test classes, one JVM for all, and writes what comes of them.
 *
 * <p>Arguments: the file of results, the tag, the words of the suites between commas, and the names
 * of the classes. On a kernel without task storage only {@link GuestSuite#REFUSAL} runs, and every
 * other suite is refused with the product's reason; on others all but that one.
 */
public final class GuestRun {
  private GuestRun() {}

  /** Runs them; whether tests failed the file says. */
  public static void main(String[] arguments) {
    ResultWriter writer = new ResultWriter(Path.of(arguments[0]));
    Set<GuestSuite> suites =
        Arrays.stream(arguments[2].split(",", -1))
            .map(GuestSuite::of)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(GuestSuite.class)));
    Set<GuestSuite> possible = EnumSet.copyOf(suites);
    switch (new Probe().taskStorage()) {
      case ProbeResult.Yes() -> possible.remove(GuestSuite.REFUSAL);
      case ProbeResult.No(String reason, String mend) -> {
        possible.retainAll(EnumSet.of(GuestSuite.REFUSAL));
        refuse(writer, suites, reason + ": " + mend);
      }
      case ProbeResult.Unknown(BpfException cause) -> throw cause;
    }
    List<ClassSelector> classes =
        Arrays.stream(arguments).skip(3).map(DiscoverySelectors::selectClass).toList();
    if (!possible.isEmpty()) {
      LauncherFactory.create()
          .execute(new Selection(arguments[1], possible).request(classes), writer);
    }
    writer.write(new Result(Outcome.DONE, GuestSuite.OTHERS, "", ""));
    // Threads that a failed test left must not keep the guest.
    System.exit(0);
  }

  private static void refuse(ResultWriter writer, Set<GuestSuite> suites, String reason) {
    suites.stream()
        .filter(suite -> suite != GuestSuite.REFUSAL && suite != GuestSuite.OTHERS)
        .forEach(suite -> writer.write(new Result(Outcome.REFUSED, suite, "", reason)));
  }
}
