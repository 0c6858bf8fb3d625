package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.taskstorage.bpf.asm.AluOp;
import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Code;
import io.taskstorage.bpf.asm.Helper;
import io.taskstorage.bpf.asm.Label;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.SamplePrograms;
import io.taskstorage.bpf.asm.Size;
import io.taskstorage.bpf.btf.BtfKind;
import io.taskstorage.bpf.btf.KernelBtf;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loading programs: what the kernel says of them, and how a refusal reads. */
@KernelTest
@GuestTest(GuestSuite.PROGRAMS)
class ProgramKernelTest {

  private static final ProgramType TASK_ITERATOR = new ProgramType.Iterator("task", false);
  private static final ProgramType NEWTASK = new ProgramType.Tracepoint("task_newtask");
  private static final Code NOTHING = new Asm().mov(Reg.R0, 0).exit().code();

  @Test
  void saysWhatTheKernelKnowsOfIt() {
    // Given
    ProgramSpec spec = new ProgramSpec("inherit", NEWTASK, "GPL", SamplePrograms.inherit());
    try (BpfMap entries = ProgramSamples.entries();
        Program program = Program.load(spec, Map.of("entries", entries))) {
      // When
      ProgramInfo info = program.info();

      // Then
      assertThat(info.name()).isEqualTo("inherit");
      assertThat(info.type()).isEqualTo(26);
      assertThat(info.id()).isPositive();
      assertThat(info.mapIds()).containsExactly(entries.info().id());
      assertThat(info.attachTypeId())
          .isEqualTo(
              KernelBtf.vmlinux().typeId("btf_trace_task_newtask", BtfKind.TYPEDEF).orElseThrow());
      assertThat(info.recursionMisses()).isZero();
      assertThat(program.log()).isEmpty();
      assertThat(program.spec()).isEqualTo(spec);
    }
  }

  @Test
  void hasOneTagWhateverItsMapsAre() {
    // Given
    ProgramSpec spec = new ProgramSpec("inherit", NEWTASK, "GPL", SamplePrograms.inherit());
    try (BpfMap first = ProgramSamples.entries();
        BpfMap second = ProgramSamples.entries();
        Program one = Program.load(spec, Map.of("entries", first));
        Program other = Program.load(spec, Map.of("entries", second))) {
      // When
      ProgramInfo oneInfo = one.info();
      ProgramInfo otherInfo = other.info();

      // Then
      assertThat(oneInfo.tag()).hasSize(16).isEqualTo(otherInfo.tag());
      assertThat(oneInfo.mapIds()).isNotEqualTo(otherInfo.mapIds());
    }
  }

  @Test
  void quotesOurLineBesideTheVerifiers() {
    // Given: the entry may be NULL, and nobody asks.
    Code code =
        new Asm()
            .note("task = bpf_get_current_task_btf();")
            .call(Helper.GET_CURRENT_TASK_BTF)
            .mov(Reg.R2, Reg.R0)
            .note("entry = bpf_task_storage_get(&entries, task, NULL, 0);")
            .map(Reg.R1, "entries")
            .mov(Reg.R3, 0)
            .mov(Reg.R4, 0)
            .call(Helper.TASK_STORAGE_GET)
            .note("entry->own = 1;")
            .store(Size.U64, Reg.R0, 8, 1)
            .note("return 0;")
            .mov(Reg.R0, 0)
            .exit()
            .code();
    ProgramSpec spec = new ProgramSpec("no_null_check", TASK_ITERATOR, "GPL", code);

    // When
    VerifierException refused;
    try (BpfMap entries = ProgramSamples.entries()) {
      refused =
          catchThrowableOfType(
              VerifierException.class, () -> Program.load(spec, Map.of("entries", entries)));
    }

    // Then
    assertThat(refused)
        .hasMessage(
            "program load no_null_check: EACCES (permission denied): the verifier says"
                + " \"R0 invalid mem access 'map_value_or_null'\" at instruction 7:"
                + " see \"entry->own = 1;\" in the program");
    assertThat(refused.program()).isEqualTo("no_null_check");
    assertThat(refused.errno()).isEqualTo(Errno.EACCES);
    assertThat(refused.note()).contains("entry->own = 1;");
    assertThat(refused.log()).contains("7: (7a) *(u64 *)(r0 +8) = 1");
    assertThat(refused.lastLines()).anyMatch(line -> line.startsWith("R0 invalid mem access"));
  }

  @Test
  void namesTheLicenseThatIsMissing() {
    // Given
    ProgramSpec spec = new ProgramSpec("inherit", NEWTASK, "MIT", SamplePrograms.inherit());

    // When
    VerifierException refused;
    try (BpfMap entries = ProgramSamples.entries()) {
      refused =
          catchThrowableOfType(
              VerifierException.class, () -> Program.load(spec, Map.of("entries", entries)));
    }

    // Then
    assertThat(refused)
        .hasMessageContaining("cannot call GPL-restricted function from non-GPL compatible program")
        .hasMessageEndingWith(
            "see \"value = bpf_task_storage_get(&entries, bpf_get_current_task_btf(), NULL, 0);\""
                + " in the program");
  }

  @Test
  void readsALogLargerThanItsFirstBuffer() {
    // Given
    Asm asm = new Asm().mov(Reg.R1, 0);
    for (int i = 0; i < 4_000; i++) {
      asm.alu(AluOp.ADD, Reg.R1, 1);
    }
    ProgramSpec spec =
        new ProgramSpec(
            "long", new ProgramType.SocketFilter(), "GPL", asm.mov(Reg.R0, 0).exit().code());

    // When
    String log;
    try (Program program = Program.loadWithLog(spec, Map.of())) {
      log = program.log();
    }

    // Then
    assertThat(log.length()).isGreaterThan(1 << 16);
    assertThat(log).contains("4002: (95) exit").contains("processed 4003 insns");
  }

  @Test
  void readsTheVerdictBehindALongLog() {
    // Given: the path that fails is long.
    Asm asm = new Asm().mov(Reg.R1, 0);
    for (int i = 0; i < 4_000; i++) {
      asm.alu(AluOp.ADD, Reg.R1, 1);
    }
    Code code = asm.note("return r9;").mov(Reg.R0, Reg.R9).exit().code();
    ProgramSpec spec = new ProgramSpec("long", new ProgramType.SocketFilter(), "GPL", code);

    // When, Then
    assertThatThrownBy(() -> Program.load(spec, Map.of()))
        .hasMessage(
            "program load long: EACCES (permission denied): the verifier says \"R9 !read_ok\" at"
                + " instruction 4001: see \"return r9;\" in the program");
  }

  @Test
  void refusesUnreachableCode() {
    // Given
    Label out = new Label("out");
    Code code =
        new Asm()
            .mov(Reg.R0, 0)
            .jump(out)
            .note("r0 = 1;")
            .mov(Reg.R0, 1)
            .bind(out)
            .note("return r0;")
            .exit()
            .code();
    ProgramSpec spec = new ProgramSpec("dead", new ProgramType.SocketFilter(), "GPL", code);

    // When, Then
    assertThatThrownBy(() -> Program.load(spec, Map.of()))
        .hasMessage(
            "program load dead: EINVAL (invalid argument): the verifier says \"unreachable insn 2\""
                + " at instruction 2: see \"r0 = 1;\" in the program");
  }

  @Test
  void missesAMapThatIsNotGiven() {
    // Given
    ProgramSpec spec = new ProgramSpec("inherit", NEWTASK, "GPL", SamplePrograms.inherit());

    // When, Then
    assertThatThrownBy(() -> Program.load(spec, Map.of()))
        .hasMessage("program load inherit: map entries: not among the maps given: add it");
  }

  @Test
  void missesWhatThisKernelLacks() {
    // Given
    ProgramSpec tracepoint =
        new ProgramSpec("a", new ProgramType.Tracepoint("no_such"), "GPL", NOTHING);
    ProgramSpec iterator =
        new ProgramSpec("b", new ProgramType.Iterator("no_such", false), "GPL", NOTHING);
    ProgramSpec kfunc =
        new ProgramSpec(
            "c",
            new ProgramType.Syscall(),
            "GPL",
            new Asm().kfunc("bpf_no_such").mov(Reg.R0, 0).exit().code());

    // When, Then
    assertThatThrownBy(() -> Program.load(tracepoint, Map.of()))
        .hasMessage(
            "program load a with btf_trace_no_such: ENOENT (no such file or entry): this kernel has no"
                + " such tracepoint: use the plane rescan, and report the kernel");
    assertThatThrownBy(() -> Program.load(iterator, Map.of()))
        .hasMessage(
            "program load b with bpf_iter_no_such: ENOENT (no such file or entry): this kernel has no"
                + " such iterator: use the plane rescan, and report the kernel");
    assertThatThrownBy(() -> Program.load(kfunc, Map.of()))
        .hasMessage(
            "program load c with bpf_no_such: ENOENT (no such file or entry): this kernel has no"
                + " such function: use the plane rescan, and report the kernel");
  }

  @Test
  void attachesOnlyWhereItsTypeBelongs() {
    // Given
    ProgramSpec filter = new ProgramSpec("filter", new ProgramType.SocketFilter(), "GPL", NOTHING);
    try (Program program = Program.load(filter, Map.of())) {
      // When, Then
      assertThatThrownBy(() -> TracepointLink.attach(program))
          .hasMessage(
              "link attach filter: EINVAL (invalid argument): only tracepoint programs attach so");
      assertThatThrownBy(() -> IterLink.create(program, new TaskFilter.AllTasks()))
          .hasMessage(
              "link create filter: EINVAL (invalid argument): only iterator programs link so, and a"
                  + " task filter needs a living task and Linux 6.1");
    }
  }
}
