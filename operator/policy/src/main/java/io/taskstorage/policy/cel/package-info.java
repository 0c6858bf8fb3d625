/**
 * Expressions in the Common Expression Language, through the library {@code dev.cel}: the language
 * with its optional values and string functions, and nothing more.
 *
 * <p>Read in this order: {@link io.taskstorage.policy.cel.CelExpression}, the one way in; {@code
 * CelCompiling} (what an expression may say and give); {@code CelTypes} (which values there are);
 * {@code CelAnalysis} (what an expression reads, and where its cost lies); {@code CelMeter} (how an
 * evaluation is bounded); {@code CelResult} (from a result to bytes).
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) A pure function: the same expression over the same variables gives the same bytes or
 *       the same reason on every machine. No clock, no floating point, no time zone.
 *   <li>(B) No expression, whatever it and its variables hold, evaluates for long: every step and
 *       every character is counted, before it is spent where it may be many.
 *   <li>(C) What can be known without variables is refused when compiling: unknown names, types,
 *       lengths, patterns.
 *   <li>(D) A reason says where in the expression it is wrong, and repeats nothing of its text and
 *       of no value.
 *   <li>(E) No other package knows {@code dev.cel}, and nothing of it is loaded before the first
 *       expression is compiled.
 * </ul>
 */
@NullMarked
package io.taskstorage.policy.cel;

import org.jspecify.annotations.NullMarked;
