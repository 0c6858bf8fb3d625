package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.sys.Uapi;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** What {@code pins.rows} says of BPF_OBJ_PIN, BPF_OBJ_GET and of pins as files. */
final class PinChecks {
  private static final int LONGEST_NAME = 255;
  private static final int PERMISSIONS = 07777;

  private PinChecks() {}

  static Checks all() {
    Checks checks = new Checks();
    pinning(checks);
    getting(checks);
    files(checks);
    modes(checks);
    return checks;
  }

  private static void pinning(Checks checks) {
    checks.add("pin.new", scene -> pin(scene, scene.bpffs().resolve("m")));
    checks.add("pin.same-path", scene -> pin(scene, pinned(scene)));
    checks.add("pin.dot-in-name", scene -> pin(scene, scene.bpffs().resolve("a.b")));
    checks.add("pin.not-bpffs", scene -> pin(scene, scene.folder().resolve("m")));
    checks.add("pin.missing-folder", scene -> pin(scene, scene.bpffs().resolve("no/m")));
    checks.add("pin.name-255", scene -> pin(scene, named(scene, LONGEST_NAME)));
    checks.add("pin.name-256", scene -> pin(scene, named(scene, LONGEST_NAME + 1)));
    checks.add(
        "pin.rdonly-flag",
        scene -> {
          int map = scene.map().descriptor();
          return Answer.of(scene.pin(map, scene.bpffs().resolve("m"), Uapi.BPF_F_RDONLY));
        });
    checks.add(
        "mkdir.dot-in-name",
        scene -> {
          try {
            Files.createDirectory(scene.bpffs().resolve("a.b"));
            return Answer.OK;
          } catch (FileSystemException e) {
            assertThat(e.getReason()).isEqualTo("Operation not permitted");
            return new Answer("EPERM");
          }
        });
  }

  private static void getting(Checks checks) {
    checks.add("get.pin", scene -> get(scene, pinned(scene)));
    checks.add("get.missing", scene -> get(scene, scene.bpffs().resolve("m")));
    checks.add(
        "get.file-elsewhere",
        scene -> get(scene, Files.writeString(scene.folder().resolve("m"), "no map")));
    checks.add(
        "get.folder", scene -> get(scene, Files.createDirectory(scene.bpffs().resolve("d"))));
    checks.add("get.folder-elsewhere", scene -> get(scene, scene.folder()));
    checks.add("open.pin", scene -> scene.answer(scene.openResult(pinned(scene), 0)));
  }

  private static void files(Checks checks) {
    checks.add(
        "rename.pin",
        scene -> {
          Path pin = pinned(scene);
          Path moved = Files.move(pin, pin.resolveSibling("moved"));
          assertThat(get(scene, pin)).isEqualTo(new Answer("ENOENT"));
          return get(scene, moved);
        });
    checks.add(
        "rename.over-a-pin",
        scene -> {
          Path old = pinned(scene);
          RawMap map = scene.map();
          Path fresh = scene.bpffs().resolve("fresh");
          assertThat(Answer.of(scene.pin(map.descriptor(), fresh, 0))).isEqualTo(Answer.OK);
          Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE);
          int found = scene.descriptor(scene.get(old, 0));
          assertThat(Scene.mapId(found)).isEqualTo(Scene.mapId(map.descriptor()));
          return Answer.OK;
        });
    checks.add(
        "link.pin",
        scene -> {
          Path pin = pinned(scene);
          Path other = Files.createLink(pin.resolveSibling("other"), pin);
          Files.delete(pin);
          return get(scene, other);
        });
    checks.add(
        "symlink.pin",
        scene -> {
          Path pin = pinned(scene);
          return get(scene, Files.createSymbolicLink(pin.resolveSibling("other"), pin));
        });
    checks.add(
        "unlink.pin",
        scene -> {
          Path pin = pinned(scene);
          Files.delete(pin);
          return get(scene, pin);
        });
  }

  private static void modes(Checks checks) {
    checks.add(
        "mode.new-pin",
        scene -> {
          Path pin = scene.bpffs().resolve("m");
          Answer answer = Caller.ROOT.call("pin", pin);
          assertThat(mode(pin)).isEqualTo(0600);
          return answer;
        });
    checks.add(
        "mode.new-pin-umask",
        scene -> {
          Path pin = scene.bpffs().resolve("m");
          Answer answer = new Caller(0, 0277).call("pin", pin);
          assertThat(mode(pin)).isEqualTo(0400);
          return answer;
        });
    checks.add(
        "mode.changed",
        scene -> {
          Path pin = pinned(scene);
          Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r-----"));
          assertThat(mode(pin)).isEqualTo(0640);
          return Answer.OK;
        });
    checks.add(
        "mode.bpffs",
        scene -> {
          assertThat(mode(scene.bpffs())).isEqualTo(01777);
          return Answer.OK;
        });
    byNobody(checks, "nobody.0600", "rw-------");
    byNobody(checks, "nobody.0644", "rw-r--r--");
    byNobody(checks, "nobody.0666", "rw-rw-rw-");
  }

  /** A user without rights, on a pin of root's of which only the mode differs. */
  private static void byNobody(Checks checks, String name, String mode) {
    checks.add("read-write." + name, scene -> nobody(scene, mode, 0, "update"));
    checks.add("read-only." + name, scene -> nobody(scene, mode, Uapi.BPF_F_RDONLY, "lookup"));
    checks.add("write-only." + name, scene -> nobody(scene, mode, Uapi.BPF_F_WRONLY, "update"));
  }

  private static Answer nobody(Scene scene, String mode, int flags, String command)
      throws IOException {
    RawMap map = scene.map();
    int first = scene.pidfd(1);
    byte[] before = map.filled(1);
    map.put(first, before);
    Path pin = scene.bpffs().resolve("m");
    assertThat(Answer.of(scene.pin(map.descriptor(), pin, 0))).isEqualTo(Answer.OK);
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString(mode));
    Answer answer = Caller.NOBODY.call(command, pin, flags, 1);
    boolean written = answer.isOk() && command.equals("update");
    assertThat(map.lookup(first, 0)).isZero();
    if (written) {
      assertThat(map.copied()).isNotEqualTo(before);
    } else {
      assertThat(map.copied()).isEqualTo(before);
    }
    return answer;
  }

  private static Answer pin(Scene scene, Path path) {
    return Answer.of(scene.pin(scene.map().descriptor(), path, 0));
  }

  private static Answer get(Scene scene, Path path) {
    return scene.answer(scene.get(path, 0));
  }

  private static Path pinned(Scene scene) {
    Path path = scene.bpffs().resolve("m");
    assertThat(pin(scene, path)).isEqualTo(Answer.OK);
    return path;
  }

  private static Path named(Scene scene, int length) {
    return scene.bpffs().resolve("m".repeat(length));
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
  }
}
