/**
 * What Helm makes of the charts, and what a real API server says to it.
 *
 * <p>Read in this order: {@link io.taskstorage.e2e.charts.Helm}, the program itself; {@link
 * io.taskstorage.e2e.charts.Rendering}, the objects that it prints, and in what two sets of them
 * differ; then the tests.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Helm is the real one, and so are kubectl, its kustomize and the API server.
 *   <li>(B) A case says in {@code changes.txt} all that its values change, and nothing else
 *       changes.
 *   <li>(C) What is installed with kubectl and what is installed with Helm are the same objects.
 * </ul>
 */
@NullMarked
package io.taskstorage.e2e.charts;

import org.jspecify.annotations.NullMarked;
