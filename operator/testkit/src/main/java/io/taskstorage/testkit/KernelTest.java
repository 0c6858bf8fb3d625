package io.taskstorage.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that needs the real kernel. Where the kernel refuses, the test is
 * skipped with the reason; where kernel tests are required ({@code CI=true} in the environment, or
 * the system property {@code kernel.tests=required}) it fails with the reason instead.
 *
 * <p>Goes beside {@code @Test}. Every such test needs bpf(2) itself, a C compiler included (the
 * test tasks are a C program); {@link #needs} names the rest.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag(KernelTest.TAG)
@ExtendWith(KernelTestCondition.class)
public @interface KernelTest {
  /** The tag of every such test. */
  String TAG = "kernel";

  /** What the test needs besides bpf(2); nothing unless named. */
  Need[] needs() default {};

  /** Something that not every machine has. */
  enum Need {
    /** bpf(2) makes maps: CAP_BPF, and nothing else refuses. Always needed. */
    BPF,
    /** A cgroup2 hierarchy is mounted and this user may make cgroups in it. */
    CGROUP2,
    /** This user may mount a bpffs. */
    BPFFS,
    /** bpftool is installed. */
    BPFTOOL
  }
}
