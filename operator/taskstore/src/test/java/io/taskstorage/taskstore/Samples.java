package io.taskstorage.taskstore;

import io.taskstorage.layout.Field;
import io.taskstorage.layout.Owner;
import io.taskstorage.layout.PlacedField;
import io.taskstorage.layout.ScalarType;
import io.taskstorage.layout.StructLayout;
import io.taskstorage.layout.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Maps, layouts and values that tests share. */
final class Samples {
  static final MapName TENANTS = new MapName("tenants");
  static final BpfName TENANT_CTX = new BpfName("tenant_ctx");
  static final MapName HINTS = new MapName("hints");
  static final BpfName TASK_HINTS = new BpfName("task_hints");

  /** With a field of its own for programs, and padding before and behind it. */
  static final StructLayout TENANT_LAYOUT =
      StructLayout.of(
          "tenant_ctx",
          List.of(
              Field.scalar("tenant_id", ScalarType.U64),
              Field.array("app", ScalarType.CHAR, 13),
              Field.scalar("hits", ScalarType.U64).ownedBy(Owner.PROGRAM),
              Field.scalar("tier", ScalarType.U32)));

  static final StructLayout HINT_LAYOUT =
      StructLayout.of("task_hint", List.of(Field.scalar("hint", ScalarType.U64)));

  static final StoreMap TENANT_MAP =
      new StoreMap(TENANTS, TENANT_CTX, TENANT_LAYOUT, Reclaim.DELETE);
  static final StoreMap HINT_MAP = new StoreMap(HINTS, TASK_HINTS, HINT_LAYOUT, Reclaim.DELETE);

  private Samples() {}

  static Value tenant(long id, String app) {
    byte[] text = new byte[13];
    byte[] ascii = app.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, text, 0, ascii.length);
    return Value.zero(TENANT_LAYOUT.sizeBytes())
        .withField(field(TENANT_LAYOUT, "tenant_id"), u64(id))
        .withField(field(TENANT_LAYOUT, "app"), text);
  }

  static Value hint(long hint) {
    return Value.zero(HINT_LAYOUT.sizeBytes()).withField(field(HINT_LAYOUT, "hint"), u64(hint));
  }

  static Value withHits(Value tenant, long hits) {
    return tenant.withField(field(TENANT_LAYOUT, "hits"), u64(hits));
  }

  static Row row(Value tenant) {
    return new Row(Map.of(TENANTS, tenant));
  }

  static PlacedField field(StructLayout layout, String name) {
    return layout.field(name).orElseThrow();
  }

  static byte[] u64(long number) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }
}
