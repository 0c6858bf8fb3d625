package io.taskstorage.e2e.kernels;

import io.taskstorage.testkit.GuestSuite;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One start of a kernel, and what is tried on it.
 *
 * @param series of the kernel, as in {@code debian-kernels.txt}
 * @param parameter on its command line; empty for what it does by itself
 */
record Guest(String series, String parameter, Set<GuestSuite> suites) {
  /** Of a kernel that nothing was said to. */
  private static final Set<GuestSuite> ALL = EnumSet.complementOf(EnumSet.of(GuestSuite.LOCKDOWN));

  private static final String PREEMPTED = "preempt=full";

  /** What each build has time for; the longest first. */
  private static final List<Guest> CHOSEN =
      List.of(
          new Guest(
              "7",
              PREEMPTED,
              EnumSet.of(
                  GuestSuite.ERRNO_ROWS,
                  GuestSuite.PROGRAMS,
                  GuestSuite.RACE,
                  GuestSuite.CONSUMER)),
          new Guest(
              "6.1",
              "",
              EnumSet.of(
                  GuestSuite.ERRNO_ROWS,
                  GuestSuite.PROGRAMS,
                  GuestSuite.IN_KERNEL,
                  GuestSuite.MEMORY_LIMIT)),
          new Guest("5.10", "", ALL));

  /** Where tasks are preempted inside the kernel, races are others. */
  private static final List<Guest> EVERY =
      List.of(
          new Guest("5.10", "", ALL),
          new Guest("6.1", "", ALL),
          new Guest("6.12", "", ALL),
          new Guest("6.12", PREEMPTED, EnumSet.of(GuestSuite.RACE)),
          new Guest("6.12", "lockdown=confidentiality", EnumSet.of(GuestSuite.LOCKDOWN)),
          new Guest("7", "", ALL),
          new Guest("7", PREEMPTED, EnumSet.of(GuestSuite.RACE)));

  Guest {
    suites = Set.copyOf(suites);
  }

  /**
   * The guests that are asked for.
   *
   * @param isInBuild whether no more is to be tried than each build has time for
   * @param kernels series between commas; empty for all of these guests
   * @param suites words between commas; empty for all
   */
  static List<Guest> wanted(boolean isInBuild, String kernels, String parameter, String suites) {
    Set<GuestSuite> only = suites.isEmpty() ? EnumSet.allOf(GuestSuite.class) : parse(suites);
    Stream<Guest> guests =
        kernels.isEmpty()
            ? (isInBuild ? CHOSEN : EVERY).stream()
            : Arrays.stream(kernels.split(",", -1))
                .map(series -> new Guest(series, parameter, suites.isEmpty() ? ALL : only));
    return guests
        .map(guest -> new Guest(guest.series, guest.parameter, common(guest.suites, only)))
        .filter(guest -> !guest.suites.isEmpty())
        .toList();
  }

  private static Set<GuestSuite> parse(String words) {
    return Arrays.stream(words.split(",", -1)).map(GuestSuite::of).collect(Collectors.toSet());
  }

  private static Set<GuestSuite> common(Set<GuestSuite> one, Set<GuestSuite> other) {
    return one.stream().filter(other::contains).collect(Collectors.toSet());
  }

  /** What it is called: {@code 6.12 preempt=full}. */
  String name() {
    return parameter.isEmpty() ? series : series + " " + parameter;
  }
}
