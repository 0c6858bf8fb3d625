/**
 * Manifests as people write them: what the text of a file says, and on which line.
 *
 * <p>Reading order: {@link io.taskstorage.api.manifest.ManifestText} reads one file into {@link
 * io.taskstorage.api.manifest.Origin} objects and {@link io.taskstorage.api.manifest.FileProblem}s,
 * by way of {@code YamlDocuments} or {@code JsonDocuments} ({@link
 * io.taskstorage.api.manifest.Document}, which knows the line of every part); {@link
 * io.taskstorage.api.manifest.Parts} says what to keep of objects of other APIs; {@link
 * io.taskstorage.api.manifest.ManifestFiles} says which files are manifests.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Pure functions of the bytes that they are given; nothing here opens a file.
 *   <li>(B) No text makes reading throw, hang or use unbounded memory: depths, and what aliases
 *       multiply, have limits, and each limit has a message.
 *   <li>(C) Every problem has the line of what it is about, or of the nearest part around it.
 *   <li>(D) A text means what it means to kubectl: types of plain scalars, anchors, merge keys.
 * </ul>
 */
@NullMarked
package io.taskstorage.api.manifest;

import org.jspecify.annotations.NullMarked;
