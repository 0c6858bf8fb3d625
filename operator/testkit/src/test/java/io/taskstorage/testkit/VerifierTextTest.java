package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts of a log of the verifier, and of a listing. */
class VerifierTextTest {
  private static final VerifierText LISTING =
      VerifierText.of(
          """
          ; entry = bpf_map_lookup_elem(&counts, ...);
          0: (18) r1 = map[counts]
          2: (85) call bpf_rcu_read_lock#kfunc
          ; out:
          3: (15) if r0 == 0x0 goto pc+1
          4: (95) exit
          """);

  @Test
  void aLogOfTheSameProgramHasTheSameLines() {
    // Given
    String log =
        """
        reg type unsupported for arg#0 function first#12
        0: R1=ctx() R10=fp0
        ; entry = bpf_map_lookup_elem(&counts, ...);
        0: (18) r1 = 0xffff88810a4b7c00       ; R1_w=map_ptr(ks=4,vs=8)
        2: (85) call bpf_rcu_read_lock#71234          ;
        3: (15) if r0 == 0x0 goto pc+1        ; R0=scalar()
        from 3 to 5: R0=0 R10=fp0
        4: (95) exit
        processed 5 insns (limit 1000000) max_states_per_insn 0
        """;
    // When
    VerifierText named = VerifierText.of(log).named(LISTING);
    // Then
    assertThat(named.lines())
        .isEqualTo(
            """
            0: (18) r1 = map[counts]
            2: (85) call bpf_rcu_read_lock#kfunc
            3: (15) if r0 == 0x0 goto pc+1
            4: (95) exit""")
        .isEqualTo(LISTING.lines());
  }

  @Test
  void whatIsAnotherInstructionStaysAnother() {
    // When
    VerifierText named =
        VerifierText.of("0: (18) r2 = 0x10\n2: (85) call bpf_loop#181\n3: (95) exit\n")
            .named(LISTING);
    // Then
    assertThat(named.lines())
        .isEqualTo("0: (18) r2 = map[counts]\n2: (85) call bpf_loop#kfunc\n3: (95) exit");
    assertThat(named).isNotEqualTo(LISTING);
  }
}
