package io.taskstorage.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskstorage.bpf.asm.Asm;
import io.taskstorage.bpf.asm.Reg;
import io.taskstorage.bpf.asm.SamplePrograms;
import io.taskstorage.bpf.sys.Attr;
import io.taskstorage.bpf.sys.Fd;
import io.taskstorage.bpf.sys.Syscall;
import io.taskstorage.bpf.sys.Uapi;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Gcc;
import io.taskstorage.testkit.GuestSuite;
import io.taskstorage.testkit.GuestTest;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.OlderKernel;
import io.taskstorage.testkit.Outcome;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program at tp_btf/task_newtask: a child has its creator's value before it runs. */
@KernelTest
class TracepointKernelTest {

  private static final ProgramSpec INHERIT =
      new ProgramSpec(
          "inherit", new ProgramType.Tracepoint("task_newtask"), "GPL", SamplePrograms.inherit());

  private static final byte[] VALUE = ProgramSamples.value(0x1122334455667788L, 9);

  private static void assertHasValue(BpfMap entries, Task task) {
    assertThat(ProgramSamples.get(entries, task.tid()))
        .isInstanceOfSatisfying(
            Lookup.Present.class, present -> assertThat(present.value()).isEqualTo(VALUE));
  }

  @GuestTest(GuestSuite.PROGRAMS)
  @Test
  void everyKindOfChildInherits() {
    // Given
    try (BpfMap entries = ProgramSamples.entries();
        Tasks tasks = Tasks.start();
        Program program = Program.load(INHERIT, Map.of("entries", entries))) {
      Task parent = tasks.process();
      Task other = tasks.process();
      ProgramSamples.set(entries, parent.tid(), VALUE);

      try (TracepointLink _ = TracepointLink.attach(program)) {
        // When
        Task child = parent.fork();
        Task thread = child.thread();
        Task grandchild = thread.fork();
        Task vfork = parent.vfork();
        Task stranger = other.fork();

        // Then
        assertHasValue(entries, child);
        assertHasValue(entries, thread);
        assertHasValue(entries, grandchild);
        assertHasValue(entries, vfork);
        assertThat(ProgramSamples.get(entries, stranger.tid())).isInstanceOf(Lookup.NoEntry.class);
        vfork.exit();
      }

      // Then: nothing inherits any more.
      assertThat(ProgramSamples.get(entries, parent.fork().tid()))
          .isInstanceOf(Lookup.NoEntry.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "vfork", "thread"})
  void aChildReadsItsValueAsItsFirstAct(String kind, @BpffsMount Path bpffs) throws IOException {
    // Given
    OlderKernel.needs(
        !kind.equals("thread") || new Probe().threadPidfd() instanceof ProbeResult.Yes,
        OlderKernel.NO_THREAD_PIDFD);
    Path pin = bpffs.resolve("entries");
    String source;
    try (InputStream in = getClass().getResourceAsStream("/TracepointKernelTest/first_act.c")) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Outcome outcome;
    try (BpfMap entries = ProgramSamples.entries();
        Program program = Program.load(INHERIT, Map.of("entries", entries));
        TracepointLink _ = TracepointLink.attach(program)) {
      entries.pin(pin);

      // When: it sets its own value, and each child asks the kernel before anything else.
      outcome = Gcc.run("first_act", source, pin.toString(), kind, "1000");
    }

    // Then
    assertThat(outcome.stdoutIfDone()).isEqualTo("1000 of 1000\n");
  }

  @GuestTest(GuestSuite.PROGRAMS)
  @Test
  void aPinnedLinkWorksOnWithoutUs(@BpffsMount Path bpffs) throws IOException {
    // Given
    Path linkPin = bpffs.resolve("newtask");
    Path mapPin = bpffs.resolve("entries");
    try (Tasks tasks = Tasks.start()) {
      Task parent = tasks.process();
      int programId;
      try (BpfMap entries = ProgramSamples.entries();
          Program program = Program.load(INHERIT, Map.of("entries", entries));
          TracepointLink link = TracepointLink.attach(program)) {
        ProgramSamples.set(entries, parent.tid(), VALUE);
        entries.pin(mapPin);
        link.pin(linkPin);
        programId = program.info().id();
      }

      // When: every descriptor of ours is closed.
      Task child = parent.fork();

      // Then
      try (BpfMap entries = BpfMap.open(mapPin, Access.READ_WRITE);
          Link link = Link.open(linkPin)) {
        assertHasValue(entries, child);
        assertThat(link).isInstanceOf(TracepointLink.class);
        assertThat(link.info().target()).isEqualTo("task_newtask");
        assertThat(link.info().programId()).isEqualTo(programId);
        assertThat(link.info().filter()).isEqualTo(new TaskFilter.AllTasks());
      }

      // When
      Files.delete(linkPin);

      // Then: the kernel detaches in a work queue, a moment later.
      try (BpfMap entries = BpfMap.open(mapPin, Access.READ_WRITE)) {
        awaitNoInheritance(entries, parent);
      }
    }
  }

  private static void awaitNoInheritance(BpfMap entries, Task parent) {
    Instant limit = Instant.now().plus(Duration.ofSeconds(60));
    while (!(ProgramSamples.get(entries, parent.fork().tid()) instanceof Lookup.NoEntry)) {
      assertThat(Instant.now()).isBefore(limit);
    }
  }

  @GuestTest(GuestSuite.PROGRAMS)
  @Test
  void anIteratorsLinkOpensAsOne(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("dump");
    ProgramSpec spec =
        new ProgramSpec(
            "dump_pids",
            new ProgramType.Iterator("task", false),
            "GPL",
            SamplePrograms.dumpPids(ProgramSamples.taskOffsets()));
    try (Program program = Program.load(spec, Map.of());
        IterLink link = IterLink.create(program, new TaskFilter.AllTasks())) {
      link.pin(pin);
    }

    // When
    byte[] pids;
    try (Link link = Link.open(pin)) {
      pids =
          switch (link) {
            case IterLink iterator -> {
              try (IterReader reader = IterReader.open(iterator)) {
                yield reader.readAll();
              }
            }
            case TracepointLink other -> throw new AssertionError(other.info());
          };
    }

    // Then
    assertThat(pids).isNotEmpty();
  }

  @GuestTest(GuestSuite.PROGRAMS)
  @Test
  void refusesALinkOfAnotherKind(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    // Given: a program of a cgroup, such as other software has.
    Path pin = bpffs.resolve("ingress");
    pinCgroupLink(sandbox.top().path(), pin);

    // When, Then
    assertThatThrownBy(() -> Link.open(pin))
        .hasMessage(
            "link open %s: EINVAL (invalid argument): it is a link of type 3, neither tracepoint"
                    .formatted(pin)
                + " nor iterator");
  }

  /**
   * Lets every packet in; PROG_LOAD and LINK_CREATE by hand, since the binding has no such type.
   */
  private static void pinCgroupLink(Path cgroup, Path pin) {
    byte[] code = new Asm().mov(Reg.R0, 1).exit().code().bytes(_ -> 0, _ -> 0);
    try (Arena arena = Arena.ofConfined()) {
      Attr load =
          Attr.zeroed(arena, Uapi.PROG_LOAD_SIZE)
              .u32(Uapi.PROG_LOAD_PROG_TYPE, 8) // BPF_PROG_TYPE_CGROUP_SKB
              .u32(Uapi.PROG_LOAD_INSN_CNT, 2)
              .bytes(Uapi.PROG_LOAD_INSNS, code)
              .string(Uapi.PROG_LOAD_LICENSE, "GPL");
      MemorySegment folder = arena.allocateFrom(cgroup.toString());
      int flags = Uapi.O_DIRECTORY | Uapi.O_CLOEXEC;
      try (Fd program = Fd.owning(Syscall.bpf(Uapi.BPF_PROG_LOAD, load.segment()));
          Fd target =
              Fd.owning(
                  Syscall.call(Uapi.SYS_OPENAT, Uapi.AT_FDCWD, folder.address(), flags, 0, 0))) {
        Attr create =
            Attr.zeroed(arena, Uapi.LINK_CREATE_SIZE)
                .u32(Uapi.LINK_CREATE_PROG_FD, program.number())
                .u32(4, target.number()) // target_fd
                .u32(Uapi.LINK_CREATE_ATTACH_TYPE, 0); // BPF_CGROUP_INET_INGRESS
        try (Fd link = Fd.owning(Syscall.bpf(Uapi.BPF_LINK_CREATE, create.segment()))) {
          MapCommands.pin(link, pin);
        }
      }
    }
  }

  @GuestTest(GuestSuite.PROGRAMS)
  @Test
  void refusesAPinThatIsNoLink(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("counts");
    try (PlainMap counts = PlainMap.array("counts", 8, 2)) {
      counts.pin(pin);
    }

    // When, Then
    assertThatThrownBy(() -> Link.open(pin))
        .hasMessage(
            "link open %s: EINVAL (invalid argument): a bpf-map is pinned there".formatted(pin));
    assertThatThrownBy(() -> Link.open(bpffs.resolve("none")))
        .hasMessage(
            "pin open %s: ENOENT (no such file or entry): nothing is pinned there"
                .formatted(bpffs.resolve("none")));
  }
}
