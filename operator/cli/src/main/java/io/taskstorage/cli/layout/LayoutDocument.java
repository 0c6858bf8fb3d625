package io.taskstorage.cli.layout;

import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.policy.AcceptedMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layouts as {@code layout -o json} prints them.
 *
 * @param maps in the order of their names
 */
public record LayoutDocument(List<MapLayout> maps) {

  /**
   * The value of one map.
   *
   * @param map name of the TaskStorageMap
   * @param struct the struct's name in C
   * @param paddingBytes all of them together
   */
  public record MapLayout(
      String map,
      String bpfName,
      String struct,
      int sizeBytes,
      int alignmentBytes,
      int paddingBytes,
      String digest,
      List<FieldLayout> fields) {

    static MapLayout of(AcceptedMap map) {
      StructLayout layout = map.layout();
      List<FieldLayout> fields = new ArrayList<>();
      for (int i = 0; i < layout.fields().size(); i++) {
        boolean isLast = i == layout.fields().size() - 1;
        int next = isLast ? layout.sizeBytes() : layout.fields().get(i + 1).offsetBytes();
        fields.add(FieldLayout.of(layout.fields().get(i), next));
      }
      return new MapLayout(
          map.name(),
          map.bpfName(),
          layout.typeName(),
          layout.sizeBytes(),
          layout.alignmentBytes(),
          fields.stream().mapToInt(FieldLayout::paddingBytes).sum(),
          layout.digest(),
          fields);
    }
  }

  /**
   * One field.
   *
   * @param type as in the manifest, without its length
   * @param length number of elements; absent for a scalar
   * @param owner {@code Policy} or {@code Program}
   * @param paddingBytes unused bytes behind the field
   * @param c the member as the C header declares it
   */
  public record FieldLayout(
      String name,
      String type,
      @Nullable Integer length,
      String owner,
      int offsetBytes,
      int sizeBytes,
      int paddingBytes,
      String c) {

    static FieldLayout of(PlacedField placed, int nextOffset) {
      @Nullable Integer length =
          placed.field().length().isPresent() ? placed.field().length().getAsInt() : null;
      String type = placed.field().type().cName();
      String elements = length == null ? "" : "[" + length + "]";
      return new FieldLayout(
          placed.name(),
          placed.field().type().wireName(),
          length,
          placed.field().isPolicyOwned() ? "Policy" : "Program",
          placed.offsetBytes(),
          placed.sizeBytes(),
          nextOffset - placed.endBytes(),
          type + " " + placed.name() + elements);
    }

    String typeText() {
      return length == null ? type : type + "[" + length + "]";
    }
  }

  /** The layouts of these maps. */
  public static LayoutDocument of(Collection<AcceptedMap> maps) {
    return new LayoutDocument(maps.stream().map(MapLayout::of).toList());
  }
}
