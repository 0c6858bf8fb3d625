package io.taskstorage.bpf.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.BtfReader;
import io.taskstorage.bpf.btf.BtfType;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of bpf(2) that the binding uses, against the types of the running kernel. */
@KernelTest
class UapiKernelTest {
  /** Numbers that no type of the kernel holds: macros, checked against the C headers instead. */
  private static final Set<String> MACROS =
      Set.of("BPF_OBJ_NAME_LEN", "BPF_FS_MAGIC", "BPF_ANY", "BPF_NOEXIST", "BPF_EXIST");

  private final BtfReader kernel = KernelBtf.vmlinux().reader();

  @ParameterizedTest(name = "{0} is the offset of {1} {2}")
  @CsvFileSource(resources = "/UapiKernelTest/offsets.csv")
  void offset(String name, String type, String member) throws ReflectiveOperationException {
    // Given
    int id = id(type);

    // When
    var offset = kernel.memberOffset(id, member);

    // Then
    assertThat(offset).hasValue((int) number(name));
  }

  @ParameterizedTest(name = "{0} is within {1}")
  @CsvFileSource(resources = "/UapiKernelTest/sizes.csv")
  void size(String name, String type) throws ReflectiveOperationException {
    // Given
    BtfType.Composite composite = (BtfType.Composite) kernel.type(id(type));

    // When
    long size = number(name);

    // Then: what this kernel has beyond is left zero, what it lacks would be E2BIG.
    assertThat(size).isPositive().isLessThanOrEqualTo(composite.sizeBytes());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("constants")
  void constant(String name) throws ReflectiveOperationException {
    // When
    var value = kernel.constant(name);

    // Then
    assertThat(value).hasValue(number(name));
  }

  @Test
  void noNumberIsLeftOut() throws IOException {
    // Given
    Set<String> checked =
        Stream.of("offsets.csv", "sizes.csv")
            .flatMap(UapiKernelTest::lines)
            .map(line -> line.substring(0, line.indexOf(',')))
            .collect(Collectors.toSet());

    // When
    List<String> left =
        names()
            .filter(name -> !name.startsWith("BPF_") && !UapiTest.IN_HEADERS.contains(name))
            .filter(name -> !name.startsWith("SYS_"))
            .filter(name -> !checked.contains(name))
            .toList();

    // Then
    assertThat(left).isEmpty();
  }

  static Stream<String> constants() {
    return names().filter(name -> name.startsWith("BPF_") && !MACROS.contains(name));
  }

  private int id(String type) {
    String[] words = type.split(" ", -1);
    BtfKind kind = words[0].equals("union") ? BtfKind.UNION : BtfKind.STRUCT;
    return kernel.find(words[1], kind).orElseThrow();
  }

  private static Stream<String> names() {
    return Arrays.stream(Uapi.class.getFields()).map(Field::getName);
  }

  private static long number(String name) throws ReflectiveOperationException {
    return Uapi.class.getField(name).getLong(null);
  }

  private static Stream<String> lines(String file) {
    try (InputStream in = UapiKernelTest.class.getResourceAsStream("/UapiKernelTest/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
