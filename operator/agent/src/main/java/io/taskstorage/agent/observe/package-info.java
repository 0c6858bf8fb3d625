/**
 * Stage one of a turn: what the folder, the cgroup tree and the store look like now.
 *
 * <p>Reading order: {@link io.taskstorage.agent.observe.FileObserver} gives an {@link
 * io.taskstorage.agent.observe.ApiState}; behind it {@code FolderListing} and {@code Stamp} (what
 * there is), {@code ManifestFile} (what counts from one file, whose text {@code
 * io.taskstorage.api.manifest} reads), {@code Merging} (all files together).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) What an observation returns is immutable, and the same instance while nothing changed.
 *   <li>(B) Absence is believed only when everything could be read, or has a good version that is
 *       known; until then nothing that counted stops counting.
 *   <li>(C) A file is believed once nothing was written to it for a moment; a file that is broken
 *       counts with its last good content, an object that is not well-formed with its last good
 *       version.
 *   <li>(D) No input makes an observation throw, hang or use unbounded memory: sizes, counts,
 *       depths and what aliases multiply have limits, and each limit has a message.
 * </ul>
 */
@NullMarked
package io.taskstorage.agent.observe;

import org.jspecify.annotations.NullMarked;
