package io.taskstorage.e2e.kernels.guest;

import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Which tests run.
 *
 * @param tag that they carry
 * @param suites that they belong to
 */
public record Selection(String tag, Set<GuestSuite> suites) {
  /** Copies the suites. */
  public Selection {
    suites = Set.copyOf(suites);
  }

  /** The classes of such tests below folders of classes, by name. */
  public List<String> classesBelow(Set<Path> folders) {
    TestPlan plan =
        LauncherFactory.create()
            .discover(request(DiscoverySelectors.selectClasspathRoots(folders)));
    Set<String> names = new TreeSet<>();
    plan.getRoots().stream()
        .flatMap(root -> plan.getDescendants(root).stream())
        .flatMap(test -> test.getSource().stream())
        .forEach(
            source -> {
              if (source instanceof ClassSource of) {
                names.add(of.getClassName());
              }
            });
    return List.copyOf(names);
  }

  /** A request for these tests alone. */
  public LauncherDiscoveryRequest request(Collection<? extends DiscoverySelector> selectors) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(List.copyOf(selectors))
        .filters(TagFilter.includeTags(tag), bySuite())
        .build();
  }

  private PostDiscoveryFilter bySuite() {
    return test ->
        FilterResult.includedIf(
            test.getSource().flatMap(Selection::suite).filter(suites::contains).isPresent());
  }

  /** The suite of a test's class or method; empty where the source is neither. */
  static Optional<GuestSuite> suite(TestSource source) {
    return switch (source) {
      case MethodSource of ->
          Optional.of(
              AnnotationSupport.findAnnotation(of.getJavaMethod(), GuestTest.class)
                  .map(GuestTest::value)
                  .orElseGet(() -> suite(of.getJavaClass())));
      case ClassSource of -> Optional.of(suite(of.getJavaClass()));
      default -> Optional.empty();
    };
  }

  private static GuestSuite suite(Class<?> test) {
    return AnnotationSupport.findAnnotation(test, GuestTest.class)
        .map(GuestTest::value)
        .orElse(GuestSuite.OTHERS);
  }
}
