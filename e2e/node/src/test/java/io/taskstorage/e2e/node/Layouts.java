package io.taskstorage.e2e.node;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A few dozen structs that the maps of all worlds share, so that each reader is compiled once. */
final class Layouts {
  private static final int COUNT = 24;
  private static final ScalarType[] TYPES = ScalarType.values();

  private Layouts() {}

  /** The same structs for the same seed. */
  static List<StructLayout> of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, COUNT)
        .mapToObj(i -> StructLayout.of("value_" + i, fields(random)))
        .toList();
  }

  private static List<Field> fields(SplittableRandom random) {
    return IntStream.rangeClosed(0, random.nextInt(8))
        .mapToObj(i -> field("f" + i, random))
        .toList();
  }

  private static Field field(String name, SplittableRandom random) {
    ScalarType type = TYPES[random.nextInt(TYPES.length)];
    boolean isArray = type.needsLength() || (type.allowsLength() && random.nextInt(4) == 0);
    int length = type.needsLength() ? 1 + random.nextInt(40) : 1 + random.nextInt(4);
    Field field = isArray ? Field.array(name, type, length) : Field.scalar(name, type);
    return random.nextInt(6) == 0 ? field.ownedBy(Owner.PROGRAM) : field;
  }
}
