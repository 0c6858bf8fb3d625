package io.taskstorage.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.layout.Decoder;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.taskstore.CgroupSnapshot;
import io.taskstorage.taskstore.TaskStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/** Plays worlds: both sides, and the readers that look at the bytes. Used by one thread. */
final class Stage implements AutoCloseable {
  static final long LAYOUTS = 20260101;

  private final Path folder;
  private final Map<StructLayout, CReader> readers = new HashMap<>();
  private int values;

  /** Writes manifests into {@code folder}. */
  Stage(Path folder) {
    this.folder = folder;
  }

  /** How many values were compared so far. */
  int values() {
    return values;
  }

  /** Compares what tasks carry with what preview prints, and reads it in C. */
  void play(World world, TaskStore store, CgroupSnapshot cgroups, Map<Integer, String> tasks) {
    // Given
    WorldFiles.write(world, folder);
    // When
    SortedMap<String, SortedMap<String, String>> written =
        NodePlane.values(world, store, cgroups, tasks);
    // Then
    assertThat(written).as(() -> "see " + folder).isEqualTo(Printed.values(world, folder));
    written.values().forEach(maps -> maps.forEach((map, hex) -> read(world, map, hex)));
  }

  private static StructLayout layout(World world, String map) {
    return Objects.requireNonNull(world.maps().get(map), map);
  }

  private void read(World world, String map, String hex) {
    StructLayout layout = layout(world, map);
    CReader reader =
        readers.computeIfAbsent(layout, l -> CReader.start(l, Printed.header(map, folder)));
    Map<String, String> decoded = Decoder.decode(layout, HexFormat.of().parseHex(hex));
    reader
        .read(hex)
        .forEach(
            (name, seen) -> {
              PlacedField placed = layout.field(name).orElseThrow();
              assertThat(inC(placed, decoded.getOrDefault(name, "")))
                  .as("%s of %s in %s", name, hex, layout.toText())
                  .isEqualTo(seen);
            });
    values++;
  }

  /** A literal as the C program prints the member that holds it. */
  private static String inC(PlacedField placed, String literal) {
    return switch (placed.field().type()) {
      case U8, U16, U32, U64, S8, S16, S32, S64 ->
          literal.replace("[", "").replace("]", "").replace("\"", "").replace(" ", "");
      case BOOL -> literal.equals("true") ? "1" : "0";
      case CHAR -> {
        String text = HexFormat.of().formatHex(literal.getBytes(StandardCharsets.UTF_8));
        yield text + "0".repeat(2 * placed.sizeBytes() - text.length());
      }
      case BYTES -> HexFormat.of().formatHex(Base64.getDecoder().decode(literal));
    };
  }

  static List<StructLayout> layouts() {
    return Layouts.of(LAYOUTS);
  }

  @Override
  public void close() {
    readers.values().forEach(CReader::close);
  }
}
