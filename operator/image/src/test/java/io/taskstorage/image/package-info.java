/**
 * What the image holds, and that its programs run in it as a node runs them.
 *
 * <p>Read in this order: {@link io.taskstorage.image.Image}, the file that the build made; {@link
 * io.taskstorage.image.Container}, a root, a user and capabilities without a container engine; then
 * the tests.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What is tested is the packaged file, unpacked layer by layer; nothing is taken from
 *       where it was put together.
 *   <li>(B) A program in it sees the image, what every runtime mounts, and the mounts of the
 *       DaemonSet: nothing else of this machine.
 * </ul>
 */
@NullMarked
package io.taskstorage.image;

import org.jspecify.annotations.NullMarked;
