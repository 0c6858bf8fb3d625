package io.taskstorage.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Whether a controller is at work: the one that holds the Lease renews it. */
final class Leader {
  /** Also the name of the controller's account and Deployment. */
  static final String LEASE = "taskstorage-controller";

  /** The clocks of the two machines may differ that much. */
  private static final Duration CLOCKS = Duration.ofSeconds(30);

  private static final String MEND =
      "see the controller's pod and log; until one is at work statuses stand still, and values are"
          + " written all the same";

  private Leader() {}

  static Finding of(ApiConnection api, String systemNamespace, Instant now) {
    List<Finding> found = new ArrayList<>();
    Answer answer =
        api.get(
            "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s"
                .formatted(ApiConnection.segment(systemNamespace), LEASE),
            lease -> found.add(of(lease.path("spec"), now)));
    return switch (answer) {
      case Answer.Told _ -> found.getFirst();
      case Answer.Missing _ -> new Finding.No("no Lease %s: none ever was".formatted(LEASE), MEND);
      case Answer.Forbidden(CommandFailure failure) ->
          new Finding.Unknown(String.valueOf(failure.getMessage()));
    };
  }

  static Finding of(JsonNode lease, Instant now) {
    String holder = lease.path("holderIdentity").asText("");
    if (holder.isEmpty()) {
      return new Finding.No("nobody holds the Lease %s".formatted(LEASE), MEND);
    }
    try {
      Instant renewed = OffsetDateTime.parse(lease.path("renewTime").asText()).toInstant();
      Duration valid = Duration.ofSeconds(lease.path("leaseDurationSeconds").asLong());
      Duration age = Duration.between(renewed, now);
      return age.compareTo(valid.plus(CLOCKS)) <= 0
          ? new Finding.Yes("%s holds the Lease %s and renews it".formatted(holder, LEASE))
          : new Finding.No(
              "%s has not renewed the Lease %s since %s".formatted(holder, LEASE, renewed), MEND);
    } catch (DateTimeParseException e) {
      return new Finding.Unknown("the Lease %s has no time of renewal".formatted(LEASE));
    }
  }
}
