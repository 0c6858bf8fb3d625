/**
 * The policy engine: which objects are valid, whose tasks they select, and which value wins.
 *
 * <p>Read in this order: {@link io.taskstorage.policy.Acceptance} turns objects as sent into {@link
 * io.taskstorage.policy.AcceptedMap} and {@link io.taskstorage.policy.AcceptedPolicy}, or into
 * {@link io.taskstorage.policy.Problem}s; {@link io.taskstorage.policy.Succession} lets the version
 * accepted last count where an edit is refused; {@link io.taskstorage.policy.SubjectMatcher} says
 * which policies select a cgroup; {@link io.taskstorage.policy.Resolution} chooses one winner for
 * each field and computes the bytes, with an {@link io.taskstorage.policy.Explanation} for each
 * field; {@link io.taskstorage.policy.ValueSource} is where a value comes from. What is known of
 * pods, containers and cgroups comes as {@link io.taskstorage.policy.SubjectFacts}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Everything is a pure function of its arguments: no clock, no random, no I/O, no state
 *       that shows. All types are immutable and safe to share between threads.
 *   <li>(B) The order in which objects are passed never changes a result.
 *   <li>(C) An object is accepted as a whole or refused as a whole, and a refusal names all its
 *       problems at once.
 *   <li>(D) What is not known is refused, never guessed.
 *   <li>(E) A winner is chosen before its value is computed; where that fails the field is zero.
 *   <li>(F) What a pod says is its owner's: a reason names keys, never values.
 *   <li>(G) Two objects never share an identity, whatever characters their names hold.
 *   <li>(H) Whoever may make cgroups, but not units, must not gain or lose a value by their names.
 * </ul>
 */
@NullMarked
package io.taskstorage.policy;

import org.jspecify.annotations.NullMarked;
