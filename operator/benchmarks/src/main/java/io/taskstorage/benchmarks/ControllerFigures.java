package io.taskstorage.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the controller takes with so many simulated nodes, on a real API server. */
final class ControllerFigures {
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final Duration GLANCE = Duration.ofMillis(50);
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{(?=[^}]*(?:group=\"taskstorage\\.io\"|[{,]resource=\"events\"))"
              + "(?=[^}]*verb=\"(?:APPLY|POST|PUT|PATCH|DELETE)\")[^}]*} ([0-9.e+]+)");
  private static final Pattern WATCHED =
      Pattern.compile("taskstorage_controller_watch_standing\\{kind=\"(\\w+)\"}");

  private final ControlPlane plane;
  private final Crowd crowd;
  private final Path launcher;
  private final int nodes;
  private final SequencedMap<String, String> figures = new LinkedHashMap<>();

  private ControllerFigures(ControlPlane plane, Crowd crowd, Path launcher, int nodes) {
    this.plane = plane;
    this.crowd = crowd;
    this.launcher = launcher;
    this.nodes = nodes;
  }

  /**
   * Figures by name, as text.
   *
   * @throws IllegalStateException if statuses are not right in time, or not at the end
   */
  static SequencedMap<String, String> measure(Path root, Path launcher, int nodes) {
    try (ControlPlane plane = ControlPlane.start(root);
        Crowd crowd = Crowd.gather(plane, nodes)) {
      ControllerFigures figures = new ControllerFigures(plane, crowd, launcher, nodes);
      figures.measure();
      return figures.figures;
    }
  }

  private void measure() {
    crowd.apply();
    try (ControllerProcess first = ControllerProcess.start(launcher, plane.kubeconfig())) {
      long begin = System.nanoTime();
      await(crowd::isAllReady);
      put("first roll-out: node states made, all reports in, all statuses Ready", since(begin));
      put("CPU time until then", Report.Unit.ofTime(first.cpu()).text(first.cpu()));
    }
    crowd.renew();
    try (ControllerProcess controller = ControllerProcess.start(launcher, plane.kubeconfig())) {
      long begin = System.nanoTime();
      await(crowd::isAllReady);
      put("cold start to all statuses right", since(begin));
      put(
          "CPU time of the cold start",
          Report.Unit.ofTime(controller.cpu()).text(controller.cpu()));
      changes(controller);
      put("resident memory", Report.Unit.MEGABYTES.text(controller.resident(false)));
      put("resident memory, the most", Report.Unit.MEGABYTES.text(controller.resident(true)));
      idle(controller);
      crowd.requireRight();
      put("kinds that it watches", watched(controller.metrics()));
    }
  }

  private void changes(ControllerProcess controller) {
    int rounds = nodes > 1000 ? 10 : 30;
    List<Double> times = new ArrayList<>();
    List<Double> afterLast = new ArrayList<>();
    double writes = writes();
    long reports = crowd.reports();
    long failed = crowd.failedReports();
    double cpu = controller.cpu();
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      int policy = i % Crowd.CLUSTER_POLICIES;
      crowd.change(policy, i + 2);
      await(() -> crowd.isReady(Crowd.clusterPath(policy)));
      long end = System.nanoTime();
      times.add((double) (end - begin));
      afterLast.add((double) Math.max(0, end - crowd.lastReportNanos()));
    }
    settle();
    distribution("policy written to Ready", times);
    distribution("last report written to Ready", afterLast);
    double spent = (controller.cpu() - cpu) / rounds;
    put("CPU time of a change", Report.Unit.ofTime(spent).text(spent));
    put("writes of a change, all on the API server", number((writes() - writes) / rounds));
    put("of these reports of nodes", number((double) (crowd.reports() - reports) / rounds));
    put(
        "reports refused or not answered in time, and written again",
        number((double) (crowd.failedReports() - failed) / rounds));
    put("bytes of a report", Integer.toString(crowd.stateBytes()));
  }

  /**
   * How long half of them took, and all but a hundredth: of fewer than a hundred that is the most.
   */
  private void distribution(String figure, List<Double> times) {
    put(figure + ", p50", text(Pairs.quantile(times, 0.5)));
    put("%s, p99 of %d".formatted(figure, times.size()), text(Pairs.quantile(times, 0.99)));
  }

  /** Nothing happens, though an hour passes for every timer of the agents. */
  private void idle(ControllerProcess controller) {
    Duration time = nodes < 5000 ? Duration.ofSeconds(30) : Duration.ofMinutes(10);
    double writes = writes();
    double cpu = controller.cpu();
    crowd.moveClock(Duration.ofHours(1));
    Crowd.pause(time);
    put("writes in %d idle seconds".formatted(time.toSeconds()), number(writes() - writes));
    double spent = controller.cpu() - cpu;
    put(
        "CPU time in %d idle seconds".formatted(time.toSeconds()),
        Report.Unit.ofTime(spent).text(spent));
  }

  private void settle() {
    double before;
    do {
      before = writes();
      Crowd.pause(Duration.ofSeconds(5));
    } while (writes() != before);
  }

  private double writes() {
    double sum = 0;
    Matcher counts = WRITES.matcher(plane.kubectl("get", "--raw", "/metrics"));
    while (counts.find()) {
      sum += Double.parseDouble(counts.group(1));
    }
    return sum;
  }

  private static String watched(String metrics) {
    List<String> kinds = new ArrayList<>();
    Matcher lines = WATCHED.matcher(metrics);
    while (lines.find()) {
      kinds.add(lines.group(1));
    }
    return String.join(", ", kinds);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("wait for statuses: not right after " + LIMIT);
      }
      Crowd.pause(GLANCE);
    }
  }

  private void put(String figure, String text) {
    figures.put(figure, text);
  }

  private static String since(long begin) {
    return text((double) (System.nanoTime() - begin));
  }

  private static String text(double nanoseconds) {
    return String.format(Locale.ROOT, "%.1f s", nanoseconds / 1e9);
  }

  private static String number(double count) {
    return String.format(Locale.ROOT, "%.1f", count);
  }
}
