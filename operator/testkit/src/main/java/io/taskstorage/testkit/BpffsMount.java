package io.taskstorage.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a {@code Path} parameter of a test or lifecycle method: the mount point of a fresh bpffs,
 * which is unmounted after the test. Methods of one test share it ({@code @BeforeEach} and
 * {@code @Test} get the same path). Asked for in {@code @BeforeAll} it belongs to the class: all
 * its tests share it.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface BpffsMount {}
