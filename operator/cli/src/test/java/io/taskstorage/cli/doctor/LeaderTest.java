package io.taskstorage.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.taskstorage.console.Finding;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaderTest {
  private static final Instant RENEWED = Instant.parse("2026-01-01T00:00:00.123456Z");

  private final ObjectNode lease =
      new JsonMapper()
          .createObjectNode()
          .put("holderIdentity", "one")
          .put("renewTime", "2026-01-01T00:00:00.123456Z")
          .put("leaseDurationSeconds", 15);

  @Test
  void whoRenewsInTimeIsAtWork() {
    assertThat(Leader.of(lease, RENEWED.plusSeconds(45)))
        .isEqualTo(new Finding.Yes("one holds the Lease taskstorage-controller and renews it"));
  }

  @Test
  void aClockThatIsBehindTheControllersIsNoFault() {
    assertThat(Leader.of(lease, RENEWED.minusSeconds(3600))).isInstanceOf(Finding.Yes.class);
  }

  @Test
  void whoDoesNotRenewIsGone() {
    assertThat(Leader.of(lease, RENEWED.plusSeconds(46)))
        .isInstanceOfSatisfying(
            Finding.No.class,
            no ->
                assertThat(no.reason())
                    .isEqualTo(
                        "one has not renewed the Lease taskstorage-controller since"
                            + " 2026-01-01T00:00:00.123456Z"));
  }

  @Test
  void whoLetItGoHasEnded() {
    // Given
    lease.put("holderIdentity", "");

    // When, Then
    assertThat(Leader.of(lease, RENEWED))
        .isInstanceOfSatisfying(
            Finding.No.class,
            no ->
                assertThat(no.reason()).isEqualTo("nobody holds the Lease taskstorage-controller"));
  }

  @Test
  void aLeaseWithoutTimeIsUnknown() {
    // Given
    lease.remove("renewTime");

    // When, Then
    assertThat(Leader.of(lease, RENEWED)).isInstanceOf(Finding.Unknown.class);
  }
}
