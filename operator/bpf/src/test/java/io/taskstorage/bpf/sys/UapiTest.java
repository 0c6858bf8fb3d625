package io.taskstorage.bpf.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.ChildJvm;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers that C headers hold, for both machines. */
class UapiTest {
  /** Numbers of {@link Uapi} that are macros of headers, not members or constants of types. */
  static final Set<String> IN_HEADERS =
      Set.of(
          "F_DUPFD_CLOEXEC",
          "AT_FDCWD",
          "DT_DIR",
          "STATX_NLINK",
          "STATX_INO",
          "O_CLOEXEC",
          "O_DIRECTORY",
          "PIDFD_THREAD",
          "POLLIN",
          "POLLHUP",
          "LOCK_SH",
          "LOCK_EX",
          "LOCK_NB",
          "MNT_DETACH");

  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <dirent.h>
      #include <fcntl.h>
      #include <linux/bpf.h>
      #include <linux/magic.h>
      #include <poll.h>
      #include <stdio.h>
      #include <sys/file.h>
      #include <sys/mount.h>
      #include <sys/stat.h>
      """;

  @Test
  void machineIndependentNumbersAreThoseOfTheHeaders() {
    // Given
    Set<String> names =
        Stream.of(
                "F_DUPFD_CLOEXEC AT_FDCWD DT_DIR STATX_NLINK STATX_INO O_CLOEXEC POLLIN POLLHUP"
                    + " LOCK_SH LOCK_EX LOCK_NB MNT_DETACH BPF_OBJ_NAME_LEN BPF_FS_MAGIC BPF_ANY BPF_NOEXIST BPF_EXIST BPF_F_LOCK")
            .flatMap(text -> Stream.of(text.split(" ", -1)))
            .collect(Collectors.toSet());

    // When
    Map<String, Long> headers = print(HEADERS, names, "");

    // Then
    assertThat(numbers("amd64")).containsAllEntriesOf(headers);
    assertThat(numbers("aarch64")).containsAllEntriesOf(headers);
    // PIDFD_THREAD is O_EXCL by definition (include/uapi/linux/pidfd.h).
    assertThat(print(HEADERS, Set.of("O_EXCL"), ""))
        .containsEntry("O_EXCL", (long) Uapi.PIDFD_THREAD);
  }

  @ParameterizedTest
  @CsvSource({"amd64, asm/unistd_64.h, 0x10000", "aarch64, asm-generic/unistd.h, 0x4000"})
  void machineNumbersAreThoseOfItsHeaders(String arch, String header, String directory) {
    // Given
    Map<String, Long> ours = numbers(arch);
    Set<String> names =
        ours.keySet().stream()
            .filter(name -> name.startsWith("SYS_"))
            .map(name -> name.substring("SYS_".length()).toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.toSet());
    // The generic table has some numbers under the name of their 64-bit variant.
    String headers =
        """
        #include <asm-generic/bitsperlong.h>
        #include <%s>
        #include <stdio.h>
        """
            .formatted(header);

    // When
    Map<String, Long> theirs = print(headers, names, "__NR_");

    // Then
    Map<String, Long> asOurs = new TreeMap<>();
    theirs.forEach(
        (name, number) -> asOurs.put("SYS_" + name.toUpperCase(java.util.Locale.ROOT), number));
    assertThat(ours).containsAllEntriesOf(asOurs);
    assertThat(names).hasSizeGreaterThan(10);
    assertThat(ours).containsEntry("O_DIRECTORY", (long) Integer.decode(directory));
  }

  @Test
  void anUnknownMachineIsRefusedByName() {
    // When, Then
    assertThatThrownBy(() -> Machine.of("riscv64"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "system call numbers riscv64: unknown machine: run on x86_64 (amd64) or arm64"
                + " (aarch64)");
  }

  private static Map<String, Long> numbers(String arch) {
    Outcome outcome = ChildJvm.of(PrintUapi.class.getName()).options("-Dos.arch=" + arch).run();
    return parse(outcome);
  }

  private static Map<String, Long> print(String headers, Set<String> names, String prefix) {
    String prints =
        names.stream()
            .sorted()
            .map(n -> "  printf(\"%s %%lld\\n\", (long long)%s%s);\n".formatted(n, prefix, n))
            .collect(Collectors.joining());
    return parse(
        Gcc.run("print-numbers", headers + "int main(void) {\n" + prints + "  return 0;\n}\n"));
  }

  private static Map<String, Long> parse(Outcome outcome) {
    return outcome
        .stdoutIfDone()
        .lines()
        .map(line -> line.split(" ", -1))
        .collect(
            Collectors.toMap(
                words -> words[0], words -> Long.parseLong(words[1]), (a, b) -> a, TreeMap::new));
  }
}
