package io.taskstorage.image;

import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a node runs a program of the image: with a read-only root, the mounts that every runtime
 * makes, and those of the pod. Its mounts are seen by nobody else and end with it. Any thread may
 * call.
 *
 * @param root the unpacked image
 * @param user the uid and gid
 * @param capabilities what is left of them, as bits
 * @param binds mounts of the pod: folder of this machine, folder in the container, {@code rw} or
 *     {@code ro}
 * @param options for the JVM, as its environment gives them; empty for none
 */
record Container(Path root, int user, long capabilities, List<List<String>> binds, String options) {

  /** CAP_PERFMON and CAP_BPF, as linux/capability.h counts. */
  static final long PERFMON_AND_BPF = 1L << 38 | 1L << 39;

  private static final String MOUNTS =
      """
      set -e
      root=$1
      shift
      mount --bind "$root" "$root"
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount --bind /sys "$root/sys"
      mount -t tmpfs tmpfs "$root/tmp"
      while [ "$1" != -- ]; do
        mount --bind "$1" "$root$2"
        mount -o "remount,bind,$3" "$root$2"
        shift 3
      done
      shift
      mount -o remount,bind,ro "$root"
      exec "$@"
      """;

  Container {
    binds = List.copyOf(binds);
  }

  /** A container of uid 0 that may do nothing more than anybody. */
  static Container in(Path root) {
    return new Container(root, 0, 0, List.of(), "");
  }

  /** Makes the folders that runtimes mount upon, as they do. */
  static void prepare(Path root) throws IOException {
    for (String folder : List.of("proc", "dev", "sys", "run/taskstorage", "manifests")) {
      Files.createDirectories(root.resolve(folder));
    }
  }

  Container withUser(int uid) {
    return new Container(root, uid, capabilities, binds, options);
  }

  Container withCapabilities(long bits) {
    return new Container(root, user, bits, binds, options);
  }

  Container withOptions(String forTheJvm) {
    return new Container(root, user, capabilities, binds, forTheJvm);
  }

  Container withMount(Path from, String to, String how) {
    List<List<String>> more = new ArrayList<>(binds);
    more.add(List.of(from.toString(), to, how));
    return new Container(root, user, capabilities, more, options);
  }

  /** Runs a program of the image to its end. */
  Outcome run(String program, String... arguments) {
    Path container =
        Gcc.compileFiles("container", List.of(Image.MODULE.resolve("src/test/c/container.c")));
    List<String> words = new ArrayList<>();
    words.addAll(List.of("unshare", "--mount", "--propagation", "private"));
    words.addAll(List.of("sh", "-c", MOUNTS, "sh", root.toString()));
    binds.forEach(words::addAll);
    words.addAll(List.of("--", "env", "-i", "PATH=/usr/bin"));
    if (!options.isEmpty()) {
      words.add("JDK_JAVA_OPTIONS=" + options);
    }
    words.add(container.toString());
    words.addAll(List.of(root.toString(), Integer.toString(user), Long.toHexString(capabilities)));
    words.add(program);
    return Command.of(words).arguments(arguments).run();
  }
}
