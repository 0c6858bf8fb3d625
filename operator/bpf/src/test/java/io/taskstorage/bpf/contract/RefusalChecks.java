package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.bpf.btf.BtfWriter;
import io.taskstorage.bpf.btf.BtfWriter.Encoding;
import io.taskstorage.bpf.btf.BtfWriter.Member;
import java.util.List;

/** What {@code refusals.rows} says of maps that the kernel would make and this module does not. */
final class RefusalChecks {
  private static final String MESSAGE =
      "map create contract: a value with a uptr: it would give programs the memory of this process"
          + " and not the task's: take the pointer with the type tag uptr out of the value";

  private RefusalChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    value(checks, "uptr-member", 16, btf -> struct(btf, pointer(btf)));
    value(checks, "uptr-itself", 8, RefusalChecks::pointer);
    value(checks, "uptr-in-nested-struct", 16, btf -> struct(btf, struct(btf, pointer(btf))));
    value(checks, "uptr-in-array", 16, btf -> struct(btf, btf.array(pointer(btf), Types.INT, 2)));
    value(
        checks,
        "uptr-behind-typedef",
        16,
        btf -> struct(btf, btf.typedef("data_t", btf.constant(pointer(btf)))));
    value(
        checks,
        "uptr-behind-const-tag",
        16,
        btf -> struct(btf, btf.pointer(btf.constant(tagged(btf)))));
    target(checks, "uptr-to-page-struct", 512);
    target(checks, "uptr-to-larger-struct", 513);
    target(checks, "uptr-to-empty-struct", 0);
    value(
        checks,
        "uptr-to-kernel-struct",
        16,
        btf ->
            struct(
                btf,
                btf.pointer(btf.typeTag(UserPointers.TAG, Types.struct(btf, "task_struct", 1)))));
    value(checks, "uptr-beside-lock", 24, RefusalChecks::besideLock);
    value(checks, "tag-on-no-pointer", 8, btf -> btf.typeTag(UserPointers.TAG, number(btf)));
    value(checks, "pointer-without-tag", 16, btf -> struct(btf, btf.pointer(Types.INT)));
    value(
        checks,
        "pointer-with-other-tag",
        16,
        btf -> struct(btf, btf.pointer(btf.typeTag("user", Types.INT))));
    return checks;
  }

  private static void target(Checks checks, String name, int longs) {
    value(
        checks,
        name,
        16,
        btf ->
            struct(
                btf,
                btf.pointer(btf.typeTag(UserPointers.TAG, Types.struct(btf, "user_data", longs)))));
  }

  private static void value(Checks checks, String name, int size, Types.Writing writing) {
    checks.add("create." + name, scene -> create(Types.value(size, writing)));
  }

  private static Answer create(Types types) {
    MapSpec spec =
        MapSpec.taskStorage(
            "contract", types.valueSize(), types.blob(), types.keyId(), types.valueId());
    try (BpfMap map = BpfMap.create(spec)) {
      assertThat(map.info().valueSize()).isEqualTo(types.valueSize());
      return Answer.OK;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage(MESSAGE);
      return Answer.REFUSED;
    } catch (BpfException e) {
      return new Answer(e.errno().name());
    }
  }

  private static int tagged(BtfWriter btf) {
    return btf.typeTag(UserPointers.TAG, Types.struct(btf, "user_data", 1));
  }

  private static int pointer(BtfWriter btf) {
    return btf.pointer(tagged(btf));
  }

  private static int number(BtfWriter btf) {
    return btf.integer("unsigned long", 8, Encoding.UNSIGNED);
  }

  /** A struct of 16 bytes that begins with a member of this type. */
  private static int struct(BtfWriter btf, int member) {
    return btf.struct("value", 16, List.of(new Member("first", member, 0)));
  }

  private static int besideLock(BtfWriter btf) {
    int lock = btf.struct("bpf_spin_lock", 4, List.of(new Member("val", Types.INT, 0)));
    return btf.struct(
        "value", 24, List.of(new Member("lock", lock, 0), new Member("data", pointer(btf), 8)));
  }
}
