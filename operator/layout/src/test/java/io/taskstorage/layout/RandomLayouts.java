package io.taskstorage.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Layouts by a seeded generator, so that a failure comes again. */
final class RandomLayouts {

  private static final ScalarType[] TYPES = ScalarType.values();

  private final SplittableRandom random;

  RandomLayouts(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A layout of 1 to 64 fields, most of them small. */
  StructLayout next(String typeName) {
    return withFields(typeName, 1 + random.nextInt(random.nextInt(4) == 0 ? 64 : 12));
  }

  StructLayout withFields(String typeName, int count) {
    return StructLayout.of(
        typeName, IntStream.range(0, count).mapToObj(i -> field("f" + i)).toList());
  }

  Field field(String name) {
    ScalarType type = TYPES[random.nextInt(TYPES.length)];
    Field field =
        type.needsLength() || (type.allowsLength() && random.nextInt(4) == 0)
            ? Field.array(name, type, length())
            : Field.scalar(name, type);
    return random.nextInt(5) == 0 ? field.ownedBy(Owner.PROGRAM) : field;
  }

  private int length() {
    return 1 + random.nextInt(random.nextInt(8) == 0 ? 100 : 9);
  }

  /** Layouts at the edges: every scalar alone, every pair of types, most fields, largest sizes. */
  static List<StructLayout> extremes() {
    List<StructLayout> layouts = new ArrayList<>();
    for (ScalarType first : TYPES) {
      layouts.add(StructLayout.of("only_" + first.wireName(), List.of(smallest("a", first))));
      for (ScalarType second : TYPES) {
        layouts.add(
            StructLayout.of(
                "pair_" + first.wireName() + "_" + second.wireName(),
                List.of(smallest("a", first), smallest("b", second))));
      }
    }
    layouts.add(StructLayout.parse("largest{a:Bytes[65407]}"));
    layouts.add(StructLayout.parse("largest_char{a:Char[65407]}"));
    layouts.add(StructLayout.parse("largest_aligned{a:U64[8175]}"));
    layouts.add(StructLayout.parse("largest_padded{a:Bytes[65391],b:S64}"));
    layouts.add(StructLayout.parse("trailing{a:U64,b:U8}"));
    layouts.add(
        StructLayout.of(
            "most_padding",
            IntStream.range(0, 64)
                .mapToObj(i -> Field.scalar("f" + i, i % 2 == 0 ? ScalarType.BOOL : ScalarType.U64))
                .toList()));
    return List.copyOf(layouts);
  }

  private static Field smallest(String name, ScalarType type) {
    return type.needsLength() ? Field.array(name, type, 3) : Field.scalar(name, type);
  }
}
