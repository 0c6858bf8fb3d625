/**
 * How a declared struct becomes bytes: C layout, literals, and the way back to text.
 *
 * <p>To be read in this order: {@link io.taskstorage.layout.ScalarType} and {@link
 * io.taskstorage.layout.Field} declare; {@link io.taskstorage.layout.StructLayout} places, or tells
 * every {@link io.taskstorage.layout.LayoutProblem}; {@link io.taskstorage.layout.Literal} turns
 * text into the bytes of one field and back; {@link io.taskstorage.layout.Value} holds the bytes of
 * a whole struct; {@link io.taskstorage.layout.Decoder} makes a value readable.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>(A) Pure: no input or output, clock, random, environment or locale. The same definition and
 *       the same text give the same bytes on every machine; numbers enter a text with {@code %s},
 *       because {@code %d} follows the locale.
 *   <li>(B) Offsets, sizes and bytes are those of gcc for x86_64 and arm64, little endian; a test
 *       compares them with the compiler's.
 *   <li>(C) Nothing is truncated, rounded or wrapped: a literal becomes exactly the bytes it means,
 *       or a problem. No floating point number is ever involved.
 *   <li>(D) Every byte of a value is defined: padding and the rest of a text are zero.
 *   <li>(E) A layout is decided by the order, names, types and lengths of its fields, nothing else;
 *       two layouts with the same digest give the same bytes to the same literals.
 *   <li>(F) A message never repeats text of a literal, which may be nobody else's business.
 * </ul>
 */
@NullMarked
package io.taskstorage.layout;

import org.jspecify.annotations.NullMarked;
