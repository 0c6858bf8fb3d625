package io.taskstorage.testkit.cluster;

import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.KernelTest.Need;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, of the operator as a whole: a real API server, the controller, and
 * two agents on the real kernel. It may take the {@link OperatorCluster} as a parameter.
 *
 * <p>It runs where {@link ApiServerTest} and {@link KernelTest} both would.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@KernelTest(needs = {Need.CGROUP2, Need.BPFFS})
@ApiServerTest
@ExtendWith(OperatorExtension.class)
public @interface OperatorTest {}
