package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Uapi;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** What {@code access.rows} says of descriptors for one direction and of frozen maps. */
final class AccessChecks {
  private static final int NUMBER = 1234;

  /** Makes a map that cannot be used in every way, and a way to see its entries all the same. */
  @FunctionalInterface
  private interface Restriction {
    RawMap of(Scene scene, RawMap map) throws IOException;
  }

  private AccessChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    each(checks, "by-read-write-pin", (scene, map) -> reopened(scene, map, 0));
    each(checks, "by-rdonly-pin", (scene, map) -> reopened(scene, map, Uapi.BPF_F_RDONLY));
    each(checks, "by-wronly-pin", (scene, map) -> reopened(scene, map, Uapi.BPF_F_WRONLY));
    each(checks, "frozen", AccessChecks::frozen);
    checks.add("get.rdonly-and-wronly", AccessChecks::both);
    freezing(checks);
    programs(checks);
    return checks;
  }

  private static void each(Checks checks, String name, Restriction restriction) {
    checks.add("lookup." + name, scene -> present(scene, restriction).lookup());
    checks.add("update." + name, scene -> present(scene, restriction).update());
    checks.add("delete." + name, scene -> present(scene, restriction).delete());
  }

  private static Target present(Scene scene, Restriction restriction) throws IOException {
    Target target = Target.present(scene.map(), scene.pidfd(scene.tasks().process()), 0);
    return target.through(restriction.of(scene, target.map()));
  }

  private static RawMap reopened(Scene scene, RawMap map, int fileFlags) {
    return map.by(scene.descriptor(scene.get(pinned(scene, map), fileFlags)));
  }

  private static Path pinned(Scene scene, RawMap map) {
    Path pin = scene.bpffs().resolve("m");
    assertThat(Answer.of(scene.pin(map.descriptor(), pin, 0))).isEqualTo(Answer.OK);
    return pin;
  }

  private static RawMap frozen(Scene scene, RawMap map) throws IOException {
    assertThat(Answer.of(scene.freeze(map.descriptor()))).isEqualTo(Answer.OK);
    assertThat(Scene.fdinfo(map.descriptor())).contains("frozen:\t1");
    return map;
  }

  private static Answer both(Scene scene) {
    Path pin = pinned(scene, scene.map());
    return scene.answer(scene.get(pin, Uapi.BPF_F_RDONLY | Uapi.BPF_F_WRONLY));
  }

  private static void freezing(Checks checks) {
    checks.add("freeze.map", scene -> Answer.of(scene.freeze(scene.map().descriptor())));
    checks.add(
        "freeze.frozen",
        scene -> {
          RawMap map = frozen(scene, scene.map());
          return Answer.of(scene.freeze(map.descriptor()));
        });
    checks.add(
        "freeze.by-rdonly-pin",
        scene -> {
          RawMap map = reopened(scene, scene.map(), Uapi.BPF_F_RDONLY);
          return Answer.of(scene.freeze(map.descriptor()));
        });
    checks.add(
        "freeze.special-field",
        scene -> {
          int map = MapCreate.of(scene, Types.special("bpf_spin_lock", 4)).descriptor();
          return Answer.of(scene.freeze(map));
        });
    checks.add(
        "freeze.not-a-map", scene -> Answer.of(scene.freeze(scene.pidfd(scene.tasks().process()))));
  }

  private static void programs(Checks checks) {
    checks.add("program.frozen", scene -> writes(scene, frozen(scene, scene.map())));
    checks.add(
        "program.by-rdonly-pin",
        scene -> writes(scene, reopened(scene, scene.map(), Uapi.BPF_F_RDONLY)));
    checks.add(
        "program.by-wronly-pin",
        scene -> {
          RawMap map = scene.map();
          RawMap writable = reopened(scene, map, Uapi.BPF_F_WRONLY);
          Answer answer = Programs.setCurrent(scene, writable.descriptor(), NUMBER);
          assertNumber(scene, map);
          return answer;
        });
  }

  /** A program makes an entry in the map, and then changes it. */
  private static Answer writes(Scene scene, RawMap map) throws IOException {
    assertThat(Programs.setCurrent(scene, map.descriptor(), 1)).isEqualTo(Answer.OK);
    Answer answer = Programs.setCurrent(scene, map.descriptor(), NUMBER);
    assertNumber(scene, map);
    return answer;
  }

  private static void assertNumber(Scene scene, RawMap map) throws IOException {
    byte[] value =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(NUMBER).array();
    map.assertHolds(scene.ownThread(), value);
  }
}
