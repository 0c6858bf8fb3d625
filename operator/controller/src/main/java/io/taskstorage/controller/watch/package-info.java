/**
 * What the API server holds, as small as the controller can keep it.
 *
 * <p>Read in this order: {@link io.taskstorage.controller.watch.Seen} and the four kinds of it,
 * which are all that stays of pods, nodes, namespaces and node states; {@link
 * io.taskstorage.controller.watch.ClusterIndex}, which makes one fleet of them; {@link
 * io.taskstorage.controller.watch.OwnObjects}, the maps and policies; {@link
 * io.taskstorage.controller.watch.Watches}, one informer for each kind, shared by everybody; {@link
 * io.taskstorage.controller.watch.OpenWatches}, which knows of which kinds the server tells; {@link
 * io.taskstorage.controller.watch.PodPlaces}, which asks where pods are and watches none but the
 * agents'; {@link io.taskstorage.controller.watch.Requests}, by which it asks; {@link
 * io.taskstorage.controller.watch.StoreAge}, which notices what no watch tells.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Each kind is listed and watched once, however many ask for it.
 *   <li>(B) Whatever is seen is kept until the server says that it is gone: a failing watch, a
 *       missing definition and a refused request change nothing.
 *   <li>(C) An object that cannot be read never keeps others from being read.
 *   <li>(D) What is not needed is dropped while it is parsed.
 * </ul>
 */
@NullMarked
package io.taskstorage.controller.watch;

import org.jspecify.annotations.NullMarked;
