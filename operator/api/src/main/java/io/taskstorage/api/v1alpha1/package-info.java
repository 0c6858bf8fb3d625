/**
 * The custom resources of group {@code taskstorage.io}, version {@code v1alpha1}, as Java types.
 *
 * <p>Read in this order: {@link io.taskstorage.api.v1alpha1.TaskStorageMap} and its spec, {@link
 * io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicy} and its spec, {@link
 * io.taskstorage.api.v1alpha1.TaskStoragePolicy}, {@link
 * io.taskstorage.api.v1alpha1.TaskStorageNodeState}, then {@link
 * io.taskstorage.api.v1alpha1.Condition} and {@link io.taskstorage.api.v1alpha1.Reason}, last
 * {@link io.taskstorage.api.v1alpha1.Manifests}, the strict way in for files.
 *
 * <p>The definitions under {@code crds/} are the contract, written by hand; these types mirror
 * them, and a test walks both.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A spec record holds what was sent, nothing else: no default is filled in, an absent
 *       property is null, and what this version does not know is kept under {@code unknownFields}.
 *   <li>(B) Enumerations are open strings here, so that no value of a newer version breaks an
 *       informer; the policy engine decides which ones it knows.
 *   <li>(C) Records are deeply immutable; only the kinds themselves are mutable, because the client
 *       fills them by reflection.
 *   <li>(D) A status is read with all its unknown properties dropped: only its one writer, which
 *       knows them, writes it.
 *   <li>(E) Types carry no judgement: what is allowed is decided by the policy engine alone.
 * </ul>
 */
@NullMarked
package io.taskstorage.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
