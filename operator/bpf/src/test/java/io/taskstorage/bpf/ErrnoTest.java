package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.testkit.Gcc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Error numbers and the message they become part of. */
class ErrnoTest {
  @Test
  void numbersAreThoseOfTheHeaders() {
    // Given
    Map<String, Integer> ours = new TreeMap<>(constants());
    ours.remove("ENOTSUPP");
    String prints =
        ours.keySet().stream()
            .map(name -> "  printf(\"%s=%%d\\n\", %s);\n".formatted(name, name))
            .collect(Collectors.joining());

    // When
    String printed =
        Gcc.run(
                "print-errnos",
                "#include <errno.h>\n#include <stdio.h>\nint main(void) {\n" + prints + "}\n")
            .stdoutIfDone();

    // Then
    assertThat(printed.lines().toList())
        .containsExactlyElementsOf(
            ours.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  @Test
  void everyConstantKnowsItsName() {
    // When
    Map<String, Integer> constants = constants();

    // Then
    assertThat(constants)
        .isNotEmpty()
        .allSatisfy(
            (name, number) -> {
              assertThat(new Errno(number).name()).isEqualTo(name);
              assertThat(new Errno(number).meaning()).isNotBlank().isNotEqualTo("unknown error");
            });
  }

  @Test
  void theKernelsOwnNumberHasAName() {
    // When
    Errno errno = new Errno(524);

    // Then
    assertThat(errno)
        .isEqualTo(Errno.ENOTSUPP)
        .hasToString("ENOTSUPP (not supported by this kind of object)");
  }

  @Test
  void anUnknownNumberStaysANumber() {
    assertThat(new Errno(4000)).hasToString("errno 4000 (unknown error)");
    assertThat(new Errno(4000).hint()).isEmpty();
  }

  @Test
  void noErrorIsNoErrno() {
    assertThatThrownBy(() -> new Errno(0)).hasMessage("errno 0: must be greater than zero");
  }

  @Test
  void aMessageHasOperationObjectErrnoAndHint() {
    // When
    BpfException with = new BpfException("map create", "ctx", Errno.EPERM, "grant CAP_BPF");
    BpfException without = new BpfException("map create", "ctx", Errno.EIO, null);

    // Then
    assertThat(with).hasMessage("map create ctx: EPERM (operation not permitted): grant CAP_BPF");
    assertThat(with.operation()).isEqualTo("map create");
    assertThat(with.object()).isEqualTo("ctx");
    assertThat(with.hint()).hasValue("grant CAP_BPF");
    assertThat(without).hasMessage("map create ctx: EIO (input/output error)");
    assertThat(without.hint()).isEmpty();
  }

  @Test
  void anExceptionSurvivesSerialization() throws Exception {
    // Given
    BpfException before = new BpfException("map create", "ctx", Errno.EPERM, null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(before);
    }

    // When
    BpfException after;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      after = (BpfException) in.readObject();
    }

    // Then
    assertThat(after.errno()).isEqualTo(Errno.EPERM);
  }

  private static Map<String, Integer> constants() {
    return Arrays.stream(Errno.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .collect(Collectors.toMap(java.lang.reflect.Field::getName, ErrnoTest::number));
  }

  private static int number(java.lang.reflect.Field field) {
    try {
      return ((Errno) field.get(null)).number();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
