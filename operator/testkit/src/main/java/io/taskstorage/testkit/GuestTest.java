package io.taskstorage.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test, or a class of tests, that runs on other kernels too: in the virtual machines of {@code
 * e2e/kernels}, where everything is ten to twenty times slower. Goes beside {@link KernelTest}, on
 * what the running kernel decides.
 *
 * <p>Such a test takes no time: that of an emulated machine says nothing.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag(GuestTest.TAG)
public @interface GuestTest {
  /** The tag of every such test. */
  String TAG = "guest";

  /** The suite under which its result is listed. */
  GuestSuite value();
}
