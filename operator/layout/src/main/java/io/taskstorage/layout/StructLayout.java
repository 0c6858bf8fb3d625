package io.taskstorage.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * A C struct as gcc lays it out for x86_64 and arm64, which agree on all types used here.
 *
 * <p>Fields follow each other in the declared order, each at the next multiple of its alignment;
 * the struct is aligned as its most strictly aligned field and padded to a multiple of that, so
 * that an array of it stays aligned (System V ABI for x86-64, 3.1.2; AAPCS64, 5.9).
 *
 * <p>Immutable; equal if names, types, lengths and owners are equal.
 */
public final class StructLayout {

  /** The largest value that a task storage map takes: BPF_LOCAL_STORAGE_MAX_VALUE_SIZE. */
  public static final int MAX_SIZE_BYTES = 65407;

  /** The most fields of a struct. */
  public static final int MAX_FIELDS = 64;

  /** The most elements of a field. */
  public static final int MAX_LENGTH = MAX_SIZE_BYTES;

  /** The longest name of a type or a field. */
  public static final int MAX_NAME_CHARACTERS = 63;

  private final String typeName;
  private final List<PlacedField> fields;
  private final Map<String, PlacedField> byName;
  private final int sizeBytes;
  private final int alignmentBytes;
  private final List<ByteRange> ownedRanges;

  private StructLayout(String typeName, List<PlacedField> fields) {
    this.typeName = typeName;
    this.fields = List.copyOf(fields);
    this.byName = new HashMap<>();
    this.fields.forEach(f -> byName.put(f.name(), f));
    this.alignmentBytes = fields.stream().mapToInt(PlacedField::alignmentBytes).max().orElseThrow();
    this.sizeBytes = alignUp(fields.getLast().endBytes(), alignmentBytes);
    this.ownedRanges = ownedRangesOf(this.fields);
  }

  /**
   * Lays out the struct.
   *
   * @throws IllegalArgumentException with every problem in its message; {@link #problems} tells
   *     them as data
   */
  public static StructLayout of(String typeName, List<Field> fields) {
    List<LayoutProblem> problems = problems(typeName, fields);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream()
              .map(p -> p.path() + ": " + p.message())
              .collect(Collectors.joining("; ", "lay out struct: ", "")));
    }
    List<PlacedField> placed = new ArrayList<>();
    int end = 0;
    for (Field field : fields) {
      int alignment = field.type().sizeBytes();
      PlacedField next =
          new PlacedField(field, alignUp(end, alignment), field.sizeBytes(), alignment);
      placed.add(next);
      end = next.endBytes();
    }
    return new StructLayout(typeName, placed);
  }

  /** Everything that is wrong with a definition, in the order of its text; empty if it is right. */
  public static List<LayoutProblem> problems(String typeName, List<Field> fields) {
    return LayoutCheck.problems(typeName, fields);
  }

  /**
   * Reads what {@link #toText} wrote, and only that.
   *
   * @throws IllegalArgumentException if the text is not exactly the text of a layout
   */
  public static StructLayout parse(String text) {
    return LayoutText.parse(text);
  }

  /**
   * The words that no struct and no field may have as its name, because C or its compilers take
   * them; further names are refused by their form, such as {@code _Bool}.
   */
  public static SortedSet<String> reservedWords() {
    return CIdentifier.reservedWords();
  }

  /** The C name of the struct. */
  public String typeName() {
    return typeName;
  }

  /** The fields in declared order. */
  public List<PlacedField> fields() {
    return fields;
  }

  /** The field with this name. */
  public Optional<PlacedField> field(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** As C's {@code sizeof}, padding included. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** As C's {@code _Alignof}. */
  public int alignmentBytes() {
    return alignmentBytes;
  }

  /**
   * {@code sha256:} and 64 hexadecimal digits over names, types, lengths, offsets and size.
   *
   * <p>Owners are left out: they change who writes, not what the bytes mean.
   */
  public String digest() {
    return LayoutText.digest(this);
  }

  /**
   * A complete C header with the struct, and with assertions of its size and of every offset.
   *
   * <p>For user space C and for BPF C. It includes {@code <linux/types.h>} unless {@code vmlinux.h}
   * was included before, which has the same types under the same names; both at once do not
   * compile. Needs C11 or a gnu dialect, no other header; not meant for C++.
   */
  public String cHeader() {
    return CHeader.of(this);
  }

  /** The runs of bytes that policies own, in order, merged where they touch, without padding. */
  public List<ByteRange> ownedRanges() {
    return ownedRanges;
  }

  /** The layout on one line, such as {@code tenant_ctx{id:U64,app:Char[32],hits:U64!Program}}. */
  public String toText() {
    return LayoutText.of(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StructLayout that
        && typeName.equals(that.typeName)
        && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return 31 * typeName.hashCode() + fields.hashCode();
  }

  @Override
  public String toString() {
    return toText();
  }

  private static List<ByteRange> ownedRangesOf(List<PlacedField> fields) {
    List<ByteRange> ranges = new ArrayList<>();
    for (PlacedField field : fields) {
      if (!field.field().isPolicyOwned()) {
        continue;
      }
      if (!ranges.isEmpty() && ranges.getLast().endBytes() == field.offsetBytes()) {
        ByteRange before = ranges.removeLast();
        ranges.add(new ByteRange(before.offsetBytes(), before.lengthBytes() + field.sizeBytes()));
      } else {
        ranges.add(new ByteRange(field.offsetBytes(), field.sizeBytes()));
      }
    }
    return List.copyOf(ranges);
  }

  private static int alignUp(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}
