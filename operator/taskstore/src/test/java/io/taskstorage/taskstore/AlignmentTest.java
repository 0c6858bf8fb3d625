package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANTS;
import static io.taskstorage.taskstore.Samples.TENANT_MAP;
import static io.taskstorage.taskstore.Samples.tenant;
import static io.taskstorage.taskstore.Samples.withHits;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfException;
import io.taskstorage.bpf.Delete;
import io.taskstorage.bpf.Errno;
import io.taskstorage.bpf.Lookup;
import io.taskstorage.bpf.Pidfd;
import io.taskstorage.bpf.PidfdResult;
import io.taskstorage.bpf.TaskEntries;
import io.taskstorage.bpf.Update;
import io.taskstorage.bpf.UpdateMode;
import io.taskstorage.layout.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One entry while somebody else writes to it too. */
class AlignmentTest {
  private static final Value WANTED = tenant(1, "a");

  private final Pidfd self = open();
  private final Tally tally = new Tally();
  private final Ledger ledger = new Ledger();
  private final Alignment alignment = new Alignment(false, tally, ledger);

  @AfterEach
  void close() {
    self.close();
  }

  @Test
  void anEntryThatAProgramCreatesMeanwhileIsMergedWith() {
    // Given
    Value programs = withHits(Value.zero(40), 99);
    Rival entries = new Rival(List.of(new byte[0], programs.toBytes()));
    // When
    alignment.set(self, new ManagedMap(TENANT_MAP, entries), WANTED, Alignment.Since.NOW);
    // Then
    assertThat(entries.written).containsExactly(withHits(WANTED, 99));
    assertThat(tally.counts(TENANTS, 1)).isEqualTo(new SweepCounts(1, 0, 1, 0, 0, 0, 0));
  }

  @Test
  void anEntryThatVanishesMeanwhileIsCreated() {
    // Given
    Rival entries = new Rival(List.of(tenant(5, "x").toBytes(), new byte[0]));
    // When
    alignment.set(self, new ManagedMap(TENANT_MAP, entries), WANTED, Alignment.Since.EARLIER);
    // Then
    assertThat(entries.written).containsExactly(WANTED);
    assertThat(tally.counts(TENANTS, 1)).isEqualTo(new SweepCounts(1, 0, 0, 0, 0, 1, 0));
  }

  @Test
  void aRivalThatNeverRestsIsLeftToTheNextPass() {
    // Given
    byte[] none = new byte[0];
    byte[] some = tenant(5, "x").toBytes();
    Rival entries = new Rival(List.of(none, some, none, some, none, some, none, some));
    // When
    alignment.set(self, new ManagedMap(TENANT_MAP, entries), WANTED, Alignment.Since.EARLIER);
    // Then
    assertThat(entries.lookups).isEqualTo(3);
    assertThat(entries.written).isEmpty();
    assertThat(tally.changes()).isZero();
  }

  @Test
  void aRefusalIsCountedWithItsReasonAndTheLedgerKeepsWhatIsThere() {
    // Given
    Rival entries = new Rival(List.of(tenant(5, "x").toBytes()));
    entries.refusal = new BpfException("map update", "tenant_ctx", Errno.ENOMEM, "raise the limit");
    // When
    alignment.set(self, new ManagedMap(TENANT_MAP, entries), WANTED, Alignment.Since.EARLIER);
    // Then
    assertThat(tally.counts(TENANTS, 1).failed()).isEqualTo(1);
    assertThat(tally.failures())
        .extracting(TaskFailure::reason, TaskFailure::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "ENOMEM", "map update tenant_ctx: ENOMEM (out of memory): raise the limit"));
    assertThat(ledger.get(TENANTS, self.tid())).contains(tenant(5, "x"));
  }

  private static Pidfd open() {
    int pid = Math.toIntExact(ProcessHandle.current().pid());
    if (Pidfd.openProcess(pid) instanceof PidfdResult.Opened(Pidfd pidfd)) {
      return pidfd;
    }
    throw new AssertionError("pidfd open: own process");
  }

  /** Entries of which somebody else makes another state after each look; empty bytes: no entry. */
  private static final class Rival implements TaskEntries {
    private final List<byte[]> states;
    private final List<Value> written = new ArrayList<>();
    private int lookups;
    private @org.jspecify.annotations.Nullable BpfException refusal;

    Rival(List<byte[]> states) {
      this.states = states;
    }

    @Override
    public Lookup lookup(Pidfd task) {
      byte[] seen = states.get(lookups++);
      return seen.length == 0 ? new Lookup.NoEntry() : new Lookup.Present(seen.clone());
    }

    @Override
    public Update update(Pidfd task, byte[] value, UpdateMode mode) {
      if (refusal != null) {
        throw refusal;
      }
      boolean present = states.get(Math.min(lookups, states.size() - 1)).length > 0;
      if (mode == UpdateMode.NOEXIST && present) {
        return new Update.AlreadyPresent();
      }
      if (mode == UpdateMode.EXIST && !present) {
        return new Update.NoEntry();
      }
      written.add(Value.of(value));
      return new Update.Updated();
    }

    @Override
    public Delete delete(Pidfd task) {
      return new Delete.Deleted();
    }
  }
}
