package io.taskstorage.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** What the process itself costs, under the names that Prometheus clients agree on. */
public final class ProcessMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private ProcessMetrics() {}

  /** Adds them to {@code registry}; they are read when it is scraped. */
  public static void register(PrometheusRegistry registry) {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    double startSeconds = runtime.getStartTime() / 1000.0;
    gauge(registry, "process_start_time_seconds", "Start, since the epoch.", () -> startSeconds);
    counter(
        registry, "process_cpu_seconds", "User and system time spent.", ProcessMetrics::cpuSeconds);
    gauge(
        registry,
        "process_resident_memory_bytes",
        "Resident memory.",
        () -> statusKibibytes("VmRSS:") * 1024.0);
    gauge(registry, "process_open_fds", "Open file descriptors.", ProcessMetrics::descriptors);
    gauge(
        registry,
        "jvm_heap_used_bytes",
        "Used heap.",
        () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    gauge(
        registry,
        "jvm_threads",
        "Platform threads.",
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    counter(registry, "jvm_gc_seconds", "Time spent in collections.", ProcessMetrics::gcSeconds);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static void counter(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static double cpuSeconds() {
    Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return cpu.toMillis() / 1000.0;
  }

  private static double gcSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
            .sum()
        / 1000.0;
  }

  /** NaN, which Prometheus shows as unknown, where it cannot be read. */
  private static double statusKibibytes(String key) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(key))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static double descriptors() {
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path _ : entries) {
        count++;
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    // Listing them takes one itself.
    return count - 1.0;
  }
}
