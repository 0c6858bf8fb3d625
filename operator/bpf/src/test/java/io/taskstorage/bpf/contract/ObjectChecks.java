package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import io.taskstorage.testkit.Task;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What {@code objects.rows} says of maps as objects: descriptors, lifetime, maps of maps. */
final class ObjectChecks {
  private static final int BPF_MAP_TYPE_ARRAY_OF_MAPS = 12;
  private static final int BPF_MAP_TYPE_HASH_OF_MAPS = 13;
  private static final Duration GENEROUS = Duration.ofSeconds(60);
  private static final int MANY = 64;

  private ObjectChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    descriptors(checks);
    lifetime(checks);
    mapsOfMaps(checks, "hash-of-maps", BPF_MAP_TYPE_HASH_OF_MAPS);
    mapsOfMaps(checks, "array-of-maps", BPF_MAP_TYPE_ARRAY_OF_MAPS);
    return checks;
  }

  private static void descriptors(Checks checks) {
    checks.add(
        "link.map",
        scene -> {
          assertThat(link(scene.map().descriptor())).isEqualTo("anon_inode:bpf-map");
          return Answer.OK;
        });
    checks.add(
        "link.pidfd",
        scene -> {
          String link = link(scene.pidfd(scene.tasks().process()));
          assertThat(link).matches("anon_inode:\\[pidfd]|pidfd:\\[\\d+]");
          return Answer.OK;
        });
    checks.add(
        "fdinfo.map",
        scene -> {
          List<String> lines = Scene.fdinfo(scene.map().descriptor());
          assertThat(lines)
              .contains("map_type:\t29", "key_size:\t4", "value_size:\t8", "max_entries:\t0")
              .contains("map_flags:\t0x1", "map_extra:\t0x0", "frozen:\t0")
              .anyMatch(line -> line.startsWith("memlock:"))
              .anyMatch(line -> line.matches("map_id:\t\\d+"));
          return Answer.OK;
        });
    checks.add(
        "fdinfo.memlock",
        scene -> {
          RawMap map = scene.map();
          String empty = memlock(map.descriptor());
          for (Task task : scene.tasks().processes(MANY)) {
            map.put(scene.pidfd(task), map.filled(1));
          }
          assertThat(memlock(map.descriptor())).isEqualTo(empty);
          return Answer.OK;
        });
  }

  private static String link(int descriptor) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
        .toString();
  }

  private static String memlock(int descriptor) throws IOException {
    return Scene.fdinfo(descriptor).stream()
        .filter(line -> line.startsWith("memlock:"))
        .findFirst()
        .orElseThrow();
  }

  private static void lifetime(Checks checks) {
    checks.add("destroy.descriptor-closed", ObjectChecks::destroyed);
    checks.add(
        "destroy.pinned",
        scene -> {
          int id;
          try (Scene first = new Scene()) {
            int map = first.map().descriptor();
            id = Scene.mapId(map);
            Path pin = scene.bpffs().resolve("m");
            assertThat(Answer.of(first.pin(map, pin, 0))).isEqualTo(Answer.OK);
          }
          return byId(scene, id);
        });
    checks.add("exit.frees-entries", ObjectChecks::freed);
  }

  /** The id of a map with entries goes some time after its last descriptor. */
  private static Answer destroyed(Scene scene) throws IOException {
    int id;
    try (Scene first = new Scene()) {
      RawMap map = first.map();
      id = Scene.mapId(map.descriptor());
      for (Task task : scene.tasks().processes(MANY)) {
        map.put(first.pidfd(task), map.filled(1));
      }
      assertThat(byId(scene, id)).isEqualTo(Answer.OK);
    }
    AtomicReference<Answer> answer = new AtomicReference<>(Answer.OK);
    await()
        .pollInSameThread()
        .atMost(GENEROUS)
        .until(
            () -> {
              answer.set(byId(scene, id));
              return !answer.get().isOk();
            });
    return answer.get();
  }

  private static Answer byId(Scene scene, int id) {
    Attr attr = Attr.zeroed(scene.arena(), Uapi.GET_FD_BY_ID_SIZE).u32(Uapi.GET_FD_BY_ID_ID, id);
    return scene.answer(Syscall.bpf(Uapi.BPF_MAP_GET_FD_BY_ID, attr.segment()));
  }

  /**
   * What the entries hold says when they are freed: each pins a page of this process, and the
   * kernel counts the pinned and the released ones of the whole machine.
   */
  private static Answer freed(Scene scene) throws IOException {
    RawMap map = MapCreate.of(scene, UserPointers.types()).map();
    MemorySegment page = scene.arena().allocate(Long.BYTES, Long.BYTES);
    long before = pinnedPages();
    List<Task> tasks = scene.tasks().processes(MANY);
    for (Task task : tasks) {
      map.put(scene.pidfd(task), UserPointers.value(page.address()));
    }
    assertThat(pinnedPages()).isGreaterThan(before + MANY / 2);
    for (Task task : tasks) {
      task.exit();
    }
    assertThat(pinnedPages()).as("zombies").isGreaterThan(before + MANY / 2);
    for (Task task : tasks) {
      task.reap();
    }
    await().atMost(GENEROUS).until(() -> pinnedPages() < before + MANY / 2);
    return Answer.OK;
  }

  private static long pinnedPages() throws IOException {
    long pinned = 0;
    for (String line : Files.readAllLines(Path.of("/proc/vmstat"))) {
      if (line.startsWith("nr_foll_pin_acquired ")) {
        pinned += Long.parseLong(line.substring(line.indexOf(' ') + 1));
      } else if (line.startsWith("nr_foll_pin_released ")) {
        pinned -= Long.parseLong(line.substring(line.indexOf(' ') + 1));
      }
    }
    return pinned;
  }

  private static void mapsOfMaps(Checks checks, String name, int type) {
    checks.add(
        name + ".create",
        scene -> MapCreate.ofMaps(scene, type, scene.map().descriptor()).answer());
    checks.add(name + ".insert-same-shape", scene -> insert(scene, type, scene.map().descriptor()));
    checks.add(
        name + ".insert-other-value-size",
        scene -> insert(scene, type, MapCreate.of(scene, Types.bytes(16)).descriptor()));
  }

  private static Answer insert(Scene scene, int type, int inner) {
    int outer = MapCreate.ofMaps(scene, type, scene.map().descriptor()).descriptor();
    MemorySegment key = scene.arena().allocate(Integer.BYTES, Long.BYTES);
    MemorySegment value = scene.arena().allocate(Integer.BYTES, Long.BYTES);
    value.set(ValueLayout.JAVA_INT, 0, inner);
    return Answer.of(
        scene.element(Uapi.BPF_MAP_UPDATE_ELEM, outer, key.address(), value.address(), 0));
  }
}
