package io.taskstorage.bpf.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Where a call's errno comes from. */
class SyscallTest {
  private static final int CALLS = 50_000;

  @Test
  void aFailureIsTheNegatedErrno() {
    // When
    long result = close(-1);

    // Then
    assertThat(Syscall.errno(result)).isEqualTo(Errno.EBADF);
  }

  @Test
  void aSuccessAfterAFailureIsASuccess() {
    // Given
    close(-1);

    // When
    long result = Syscall.call(Uapi.SYS_FCNTL, 1, 1 /* F_GETFD */, 0, 0, 0);

    // Then
    assertThat(result).isNotNegative();
  }

  @Test
  void threadsDoNotSeeEachOthersErrno() throws Exception {
    // Given
    List<FutureTask<Integer>> others = new ArrayList<>();
    for (int descriptor : new int[] {-1, -1}) {
      others.add(new FutureTask<>(() -> wrong(Errno.EBADF, () -> close(descriptor))));
      others.add(new FutureTask<>(() -> wrong(Errno.EINVAL, SyscallTest::invalid)));
    }

    // When
    others.forEach(Thread.ofPlatform()::start);

    // Then
    for (FutureTask<Integer> other : others) {
      assertThat(other.get()).isZero();
    }
  }

  private static int wrong(Errno expected, java.util.function.LongSupplier call) {
    int wrong = 0;
    for (int i = 0; i < CALLS; i++) {
      wrong += Syscall.errno(call.getAsLong()).equals(expected) ? 0 : 1;
    }
    return wrong;
  }

  private static long close(int descriptor) {
    return Syscall.call(Uapi.SYS_CLOSE, descriptor, 0, 0, 0, 0);
  }

  /** pidfd_open(2) of a number that no task can have. */
  private static long invalid() {
    return Syscall.call(Uapi.SYS_PIDFD_OPEN, -1, 0, 0, 0, 0);
  }
}
