/**
 * What a real API server says to the definitions under {@code crds/} and to objects of their kinds,
 * and what {@code preview} says of that server.
 *
 * <p>Read in this order: {@link io.taskstorage.e2e.api.Corpus}, the objects; {@link
 * io.taskstorage.e2e.api.Server} and {@link io.taskstorage.e2e.api.Answer}, whom we ask and what we
 * hear; then the tests, each of which asks one question.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Nothing here imitates the server: what is expected was said by one.
 *   <li>(B) An object of the corpus is created as a dry run, so that cases do not meet.
 *   <li>(C) Every rule and bound of a spec has an object on either side of it; a test counts them.
 * </ul>
 */
@NullMarked
package io.taskstorage.e2e.api;

import org.jspecify.annotations.NullMarked;
