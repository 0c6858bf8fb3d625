package io.taskstorage.cli.preview;

import io.taskstorage.cli.preview.Preview.Carrier;
import io.taskstorage.layout.Literal;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import io.taskstorage.policy.AcceptedMap;
import io.taskstorage.policy.Explanation;
import io.taskstorage.policy.ResolvedValue;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What would change for whom.
 *
 * @param changed who carries something else than now, in the order of the preview
 */
public record Difference(List<Changed> changed) {

  /** Copies the list. */
  public Difference {
    changed = List.copyOf(changed);
  }

  /** A subject with every field that changes, at least one. */
  public record Changed(PreviewSubject subject, List<String> nodes, List<FieldChange> fields) {}

  /**
   * A field that changes.
   *
   * @param now what it is; empty if the tasks have no entry in the map, or the struct no such field
   * @param then what it would be; empty likewise
   */
  public record FieldChange(String map, String field, Optional<Side> now, Optional<Side> then) {}

  /**
   * A field before or after.
   *
   * @param value as {@link Literal#decode} says it
   * @param winner who decides; empty = nobody, the field is zero
   */
  public record Side(
      String value, String display, String hex, Optional<Explanation.Candidate> winner) {}

  private record Key(PreviewSubject subject, List<String> nodes) {}

  /** True if nothing would change. */
  public boolean isEmpty() {
    return changed.isEmpty();
  }

  /** Compares what is with what would be. */
  public static Difference of(Preview now, Preview then) {
    Map<Key, Carrier> before = byKey(now);
    Map<Key, Carrier> after = byKey(then);
    Set<Key> keys = new LinkedHashSet<>(after.keySet());
    keys.addAll(before.keySet());
    HostGroups<List<FieldChange>> groups = new HostGroups<>();
    for (Key key : keys) {
      List<FieldChange> fields =
          changes(now.maps(), values(before.get(key)), then.maps(), values(after.get(key)));
      if (!fields.isEmpty()) {
        groups.add(key.subject(), key.nodes(), fields);
      }
    }
    List<Changed> changed =
        groups.all().stream()
            .map(told -> new Changed(told.subject(), told.nodes(), told.what()))
            .toList();
    return new Difference(changed);
  }

  private static Map<Key, Carrier> byKey(Preview preview) {
    Map<Key, Carrier> carriers = new LinkedHashMap<>();
    preview
        .carriers()
        .forEach(carrier -> carriers.put(new Key(carrier.subject(), carrier.nodes()), carrier));
    return carriers;
  }

  private static SortedMap<String, ResolvedValue> values(@Nullable Carrier carrier) {
    return carrier == null ? new TreeMap<>() : carrier.values();
  }

  private static List<FieldChange> changes(
      Map<String, AcceptedMap> mapsNow,
      Map<String, ResolvedValue> now,
      Map<String, AcceptedMap> mapsThen,
      Map<String, ResolvedValue> then) {
    List<FieldChange> changes = new ArrayList<>();
    Set<String> names = new TreeSet<>(now.keySet());
    names.addAll(then.keySet());
    for (String map : names) {
      Map<String, Side> before = sides(mapsNow.get(map), now.get(map));
      Map<String, Side> after = sides(mapsThen.get(map), then.get(map));
      Set<String> fields = new LinkedHashSet<>(after.keySet());
      fields.addAll(before.keySet());
      for (String field : fields) {
        Side was = before.get(field);
        Side willBe = after.get(field);
        boolean isSame =
            was != null && willBe != null && Objects.equals(was.value(), willBe.value());
        if (!isSame) {
          changes.add(
              new FieldChange(map, field, Optional.ofNullable(was), Optional.ofNullable(willBe)));
        }
      }
    }
    return changes;
  }

  /** What policies decide, by field; what programs write does not change. */
  private static Map<String, Side> sides(
      @Nullable AcceptedMap map, @Nullable ResolvedValue resolved) {
    Map<String, Side> sides = new LinkedHashMap<>();
    if (map == null || resolved == null) {
      return sides;
    }
    StructLayout layout = map.layout();
    Value value = resolved.value();
    for (Explanation explanation : resolved.explanations()) {
      PlacedField placed = layout.field(explanation.field()).orElseThrow();
      byte[] bytes = value.fieldBytes(placed);
      sides.put(
          explanation.field(),
          new Side(
              Literal.decode(placed.field(), bytes),
              Literal.display(placed.field(), bytes),
              HexFormat.of().formatHex(bytes),
              explanation.winner()));
    }
    return sides;
  }
}
