package io.taskstorage.testkit.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that needs a real API server, and may take an {@link ApiServer} as a
 * parameter.
 *
 * <p>Where its programs have not been built yet, the inner loop skips the test with the reason
 * ({@code api.server=optional}); otherwise they are built, which takes minutes, and where that
 * fails the test fails. Without Go nothing can be built: then the test is skipped with the reason,
 * but with {@code CI=true} it fails.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag(ApiServerTest.TAG)
@ExtendWith(ApiServerExtension.class)
public @interface ApiServerTest {
  /** The tag of every such test. */
  String TAG = "api-server";

  /**
   * The minor version of Kubernetes, where the test is about one. Else it is that of the system
   * property {@code kubernetes.version}, {@value ApiServer#DEFAULT_VERSION} unless set.
   */
  String kubernetes() default "";
}
