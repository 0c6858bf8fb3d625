package io.taskstorage.bpf.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.OlderKernel;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of every table on the running kernel, under the row's own name. */
@KernelTest
final class ErrnoTableKernelTest {
  private static final KernelVersion KERNEL = KernelVersion.running();

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void elements(Row row) throws Exception {
    run(Table.ELEMENTS, row);
  }

  static Stream<Row> elements() {
    return Table.ELEMENTS.rows().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void pidfds(Row row) throws Exception {
    run(Table.PIDFDS, row);
  }

  static Stream<Row> pidfds() {
    return Table.PIDFDS.rows().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @KernelTest(needs = KernelTest.Need.BPFFS)
  void pins(Row row) throws Exception {
    run(Table.PINS, row);
  }

  static Stream<Row> pins() {
    return Table.PINS.rows().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @KernelTest(needs = KernelTest.Need.BPFFS)
  void access(Row row) throws Exception {
    run(Table.ACCESS, row);
  }

  static Stream<Row> access() {
    return Table.ACCESS.rows().stream();
  }

  @GuestTest(GuestSuite.ERRNO_ROWS)
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void commands(Row row) throws Exception {
    run(Table.COMMANDS, row);
  }

  static Stream<Row> commands() {
    return Table.COMMANDS.rows().stream();
  }

  @GuestTest(GuestSuite.ERRNO_ROWS)
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void mapCreate(Row row) throws Exception {
    run(Table.MAP_CREATE, row);
  }

  static Stream<Row> mapCreate() {
    return Table.MAP_CREATE.rows().stream();
  }

  @GuestTest(GuestSuite.ERRNO_ROWS)
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void mapTypes(Row row) throws Exception {
    run(Table.MAP_TYPES, row);
  }

  static Stream<Row> mapTypes() {
    return Table.MAP_TYPES.rows().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @KernelTest(needs = KernelTest.Need.BPFFS)
  void objects(Row row) throws Exception {
    run(Table.OBJECTS, row);
  }

  static Stream<Row> objects() {
    return Table.OBJECTS.rows().stream();
  }

  @GuestTest(GuestSuite.ERRNO_ROWS)
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void specialFields(Row row) throws Exception {
    run(Table.SPECIAL_FIELDS, row);
  }

  static Stream<Row> specialFields() {
    return Table.SPECIAL_FIELDS.rows().stream();
  }

  @GuestTest(GuestSuite.ERRNO_ROWS)
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void races(Row row) throws Exception {
    run(Table.RACES, row);
  }

  static Stream<Row> races() {
    return Table.RACES.rows().stream();
  }

  @GuestTest(GuestSuite.ERRNO_ROWS)
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refusals(Row row) throws Exception {
    run(Table.REFUSALS, row);
  }

  static Stream<Row> refusals() {
    return Table.REFUSALS.rows().stream();
  }

  private static void run(Table table, Row row) throws Exception {
    // Given
    Check check = Objects.requireNonNull(table.checks().get(row.id()), "a check of the row");
    Answer expected = row.expected().on(KERNEL);
    OlderKernel.needs(!expected.equals(Answer.NOT_ASKED), "Linux " + KERNEL + " has no such case");
    try (Scene scene = new Scene()) {
      // When
      Answer answer = check.run(scene);

      // Then
      assertThat(answer).as(row.what()).isEqualTo(expected);
    }
  }
}
