/**
 * What the tests of every module stand on. Test scope only; depends on none of the other modules.
 *
 * <p>Reading order: {@link io.taskstorage.testkit.KernelTest} (does this test run here?), {@link
 * io.taskstorage.testkit.Tasks} and {@link io.taskstorage.testkit.Task} (real processes and
 * threads), {@link io.taskstorage.testkit.CgroupSandbox}, {@link io.taskstorage.testkit.Cgroup} and
 * {@link io.taskstorage.testkit.BpffsMount} (places in the kernel that a test may use), {@link
 * io.taskstorage.testkit.PidMax} (more tasks than the kernel has numbers for), {@link
 * io.taskstorage.testkit.Residue} (nothing stays behind), {@link
 * io.taskstorage.testkit.GoldenCases}, {@link io.taskstorage.testkit.Gcc}, {@link
 * io.taskstorage.testkit.Sample}, {@link io.taskstorage.testkit.Command}, {@link
 * io.taskstorage.testkit.Child} and {@link io.taskstorage.testkit.ChildJvm} (other programs).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Everything made in a shared place (cgroups, folders, mounts) carries {@link
 *       io.taskstorage.testkit.RunName}, hence this JVM's pid: several test runs on one machine
 *       never touch or blame each other.
 *   <li>(B) Every wait is for a condition, with a limit that only a broken machine reaches.
 *   <li>(C) Where the kernel tests are required nothing is skipped: what cannot run fails.
 *   <li>(D) What a test leaves behind fails that test, by name and kind.
 * </ul>
 */
@NullMarked
package io.taskstorage.testkit;

import org.jspecify.annotations.NullMarked;
