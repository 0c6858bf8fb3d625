package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is advised where the kernel refuses. */
class HintTest {
  private static final MapSpec SPEC = ByteMaps.bytes("m", 8);

  @Test
  void everyAttributeThatIsWrongIsNamed() {
    // Given
    Map<String, MapSpec> specs = new TreeMap<>();
    specs.put("name", spec("a-b", 4, 8, 0, 1, 1, 4));
    specs.put("name16", spec("abcdefghijklmnop", 4, 8, 0, 1, 1, 4));
    specs.put("key", spec("m", 8, 8, 0, 1, 1, 4));
    specs.put("value", spec("m", 4, 0, 0, 1, 1, 4));
    specs.put("entries", spec("m", 4, 8, 16, 1, 1, 4));
    specs.put("flags", spec("m", 4, 8, 0, 0, 1, 4));
    specs.put("btf", spec("m", 4, 8, 0, 1, 0, 4));
    specs.put("none", SPEC);

    // When
    Map<String, String> hints = new TreeMap<>();
    specs.forEach((what, spec) -> hints.put(what, Hint.mapCreate(Errno.EINVAL, spec)));

    // Then
    String name = "the name has more than 15 characters, or others than A-Z a-z 0-9 _ .";
    assertThat(hints)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "name", name,
                "name16", name,
                "key", "key_size is 8: a task storage map has 4",
                "value", "value_size is 0: at least 1 is needed",
                "entries", "max_entries is 16: a task storage map has 0",
                "flags", "map_flags are 0: a task storage map has BPF_F_NO_PREALLOC (1)",
                "btf", "a task storage map needs BTF for its key and its value",
                "none",
                    "the BTF of the key is no int, or that of the value has another size, or the"
                        + " kernel is older than 5.11 and has no task storage"));
  }

  @Test
  void aValueThatIsTooLargeIsToldTheLimit() {
    // When
    String hint = Hint.mapCreate(Errno.E2BIG, ByteMaps.bytes("m", 65408));

    // Then
    assertThat(hint).isEqualTo("value_size is 65408: at most 65407 fit");
  }

  @Test
  void aMissingCapabilityIsNamed() {
    // When
    String without = new Capabilities(0).whyBpfIsRefused();
    String with = new Capabilities(1L << Capabilities.CAP_BPF).whyBpfIsRefused();
    String admin = new Capabilities(1L << Capabilities.CAP_SYS_ADMIN).whyBpfIsRefused();

    // Then
    assertThat(without).isEqualTo("CAP_BPF is missing: run as root or grant CAP_BPF");
    assertThat(with)
        .isEqualTo(
            "CAP_BPF is there, so a security module or a seccomp filter refuses it: allow bpf(2)")
        .isEqualTo(admin);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          12  | the memory cgroup of this process is full: raise its limit
          23  | the system has too many open files: raise fs.file-max
          24  | this process has too many open files: raise RLIMIT_NOFILE (ulimit -n)
          38  | the kernel has no such system call: Linux 5.11 or newer is needed
          524 | maps of this type do not have this operation
          """)
  void someCausesAreTheSameEverywhere(int number, String expected) {
    // When
    Errno errno = new Errno(number);

    // Then
    assertThat(errno.hint()).hasValue(expected);
    assertThat(Hint.pidfdOpen(errno)).isEqualTo(expected);
    assertThat(Hint.mapCreate(errno, SPEC)).isEqualTo(expected);
    assertThat(Hint.freeze(errno)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1   | 8    | the map is frozen, or its pin was opened for the other direction only
          11  | 8    | another writer never leaves this entry alone: end it
          12  | 8120 | entries count for the memory cgroup that made the map: raise its limit
          35  | 8    | the entry's lock was not to be had: try again
          110 | 8    | the entry's lock was not to be had: try again
          524 | 8    | maps of this type do not have this operation
          """)
  void elementsHaveHintsOfTheirOwn(int number, int valueSize, String expected) {
    assertThat(Hint.element(new Errno(number), valueSize)).isEqualTo(expected);
  }

  @Test
  void aLargeValueMayBeWhyThereIsNoMemory() {
    assertThat(Hint.element(Errno.ENOMEM, 8121))
        .isEqualTo(
            "from Linux 6.19 on no entry can have more than 8120 bytes, and entries count for the"
                + " memory cgroup that made the map: make the value smaller or the limit higher");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2  | it is a thread that leads no process: open it as a thread
          22 | it is a thread that leads no process: open it as a thread
          """)
  void aThreadIsNoProcess(int number, String expected) {
    assertThat(Hint.pidfdOpen(new Errno(number))).isEqualTo(expected);
  }

  @Test
  void pinsHaveHintsOfTheirOwn(@TempDir Path folder) throws Exception {
    // Given
    Path path = folder.resolve("pin");
    Path file = Files.createFile(folder.resolve("file"));

    // When, Then
    assertThat(Hint.pin(Errno.EPERM, path))
        .isEqualTo(folder + " is not on a bpffs: mount one with mount -t bpf bpf FOLDER");
    assertThat(Hint.pin(Errno.ENOENT, path)).isEqualTo("the folder does not exist: create it");
    assertThat(Hint.pin(Errno.EACCES, path))
        .isEqualTo("this user may not write to the folder: run as its owner");
    assertThat(Hint.pin(Errno.EEXIST, path))
        .isEqualTo("there is something at this path: unpin it first");
    assertThat(Hint.pin(Errno.ENAMETOOLONG, path))
        .isEqualTo("a name in the path has more than 255 characters");
    assertThat(Hint.open(Errno.ENOENT, path)).isEqualTo("nothing is pinned there");
    assertThat(Hint.open(Errno.EACCES, folder)).isEqualTo("it is a folder");
    assertThat(Hint.open(Errno.EACCES, file))
        .isEqualTo(folder + " is not on a bpffs: mount one with mount -t bpf bpf FOLDER");
    assertThat(Hint.freeze(Errno.EPERM))
        .isEqualTo("the map is frozen already, or its pin was opened read-only");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1  | CAP_SYS_ADMIN is missing: run as root
          2  | there is no such file or folder
          13 | this user may not: run as its owner
          16 | somebody works in it: end that first
          20 | it is no folder
          21 | it is a folder: remove it as one
          """)
  void filesAndMountsHaveHintsOfTheirOwn(int number, String expected) {
    assertThat(Hint.file(new Errno(number))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1", "13"})
  void aPinOfAnotherUserIsNotRemoved(int number) {
    assertThat(Hint.unpin(new Errno(number)))
        .isEqualTo("it belongs to another user: run as its owner");
  }

  @Test
  void nothingIsInventedForWhatNobodyForesaw() {
    assertThat(Hint.element(Errno.EFAULT, 8)).isNull();
    assertThat(Hint.mapCreate(Errno.EFAULT, SPEC)).isNull();
    assertThat(Hint.pin(Errno.EFAULT, Path.of("/x"))).isNull();
  }

  private static MapSpec spec(
      String name, int key, int value, int entries, int flags, int keyType, int valueType) {
    return new MapSpec(
        name, key, value, entries, flags, MapSpec.TASK_STORAGE, SPEC.btf(), keyType, valueType);
  }
}
