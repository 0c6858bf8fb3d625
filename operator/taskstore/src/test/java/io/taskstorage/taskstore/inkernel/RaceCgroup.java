package io.taskstorage.taskstore.inkernel;

import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The cgroups of a {@link Race}, in the order of {@code race.h}. What a row says follows from its
 * version alone, so that a task can judge what it sees.
 */
enum RaceCgroup {
  /** Has both maps, always. */
  FIRST(0),
  /** Likewise. */
  SECOND(1),
  /** Has those maps whose bit is set in the version; without any it has no row. */
  PARTLY(2),
  /** Within FIRST: each third version has no row, so that the one of FIRST decides. */
  INNER(3),
  /** Has both maps, and never changes. */
  STILL(4),
  /** Never has a row. */
  FREE(5);

  /** As many maps there are, and words of u64 in the value of each. */
  static final List<Integer> WORDS = List.of(25, 2);

  /** The word of the first map that is a program's own. */
  static final int PROGRAM_WORD = 12;

  private final int number;

  RaceCgroup(int number) {
    this.number = number;
  }

  /** Its place in what is shared. */
  int number() {
    return number;
  }

  /** The row of that version; empty for no row. */
  Optional<List<Optional<Value>>> row(long version) {
    return switch (this) {
      case FIRST, SECOND, STILL -> Optional.of(row(version, 3));
      case PARTLY ->
          (version & 3) == 0 ? Optional.empty() : Optional.of(row(version, (int) version & 3));
      case INNER -> version % 3 == 0 ? Optional.empty() : Optional.of(row(version, 3));
      case FREE -> Optional.empty();
    };
  }

  private List<Optional<Value>> row(long version, int maps) {
    return IntStream.range(0, WORDS.size())
        .mapToObj(
            map ->
                ((maps >> map) & 1) == 0
                    ? Optional.<Value>empty()
                    : Optional.of(value(version, map)))
        .toList();
  }

  /** Each word says whose it is: cgroup, map, place and version. */
  private Value value(long version, int map) {
    int words = WORDS.get(map);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * words).order(ByteOrder.nativeOrder());
    for (int i = 0; i < words; i++) {
      boolean isPolicy = map != 0 || i != PROGRAM_WORD;
      long word = (number + 1L) << 56 | (long) map << 48 | (long) i << 32 | version;
      bytes.putLong(isPolicy ? word : 0);
    }
    return Value.of(bytes.array());
  }
}
