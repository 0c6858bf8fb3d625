package io.taskstorage.cli.doctor;

import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.LiveStatus;
import io.taskstorage.console.Check;
import io.taskstorage.console.Check.Need;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Fact;
import io.taskstorage.console.Finding;
import io.taskstorage.console.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at a cluster. */
public final class ClusterExamination {
  private final ApiConnection api;
  private final String systemNamespace;
  private final List<Check> checks = new ArrayList<>();
  private final List<Fact> facts = new ArrayList<>();

  private ClusterExamination(ApiConnection api, String systemNamespace) {
    this.api = api;
    this.systemNamespace = systemNamespace;
  }

  /**
   * Asks for all that agents and controller need.
   *
   * @param now compared with the time at which the controller renewed its Lease
   * @throws CommandFailure if the cluster cannot be reached, or does not know the account
   */
  public static ClusterDiagnosis of(ApiConnection api, String systemNamespace, Instant now) {
    return new ClusterExamination(api, systemNamespace).examine(now);
  }

  private ClusterDiagnosis examine(Instant now) {
    facts.add(new Fact("cluster", api.server() + kubernetes()));
    facts.add(new Fact("this command", Version.text()));
    Finding served = Definitions.served(api);
    checks.add(new Check("definitions", Need.REQUIRED, served));
    if (served instanceof Finding.Yes) {
      check("their version", Need.USEFUL, () -> Definitions.compared(api));
    }
    check("agents' rights", Need.REQUIRED, () -> Rights.ofAgents(api, systemNamespace));
    check("controller's rights", Need.REQUIRED, () -> Rights.ofController(api, systemNamespace));
    check("own-node policy", Need.USEFUL, () -> OwnNode.of(api));
    check("leader", Need.REQUIRED, () -> Leader.of(api, systemNamespace, now));
    if (served instanceof Finding.Yes) {
      fleet();
    }
    return new ClusterDiagnosis(checks, facts);
  }

  private void fleet() {
    FleetChecks fleet;
    try {
      fleet = new FleetChecks(new LiveStatus(api, Optional.empty(), systemNamespace).read());
    } catch (CommandFailure e) {
      checks.add(
          new Check("agents", Need.REQUIRED, new Finding.Unknown(String.valueOf(e.getMessage()))));
      return;
    }
    checks.add(new Check("agents", Need.REQUIRED, fleet.agents()));
    checks.add(new Check("their reports", Need.REQUIRED, fleet.reports()));
    checks.add(new Check("threads", Need.USEFUL, fleet.threads()));
    fleet
        .startupTaint()
        .ifPresent(kept -> checks.add(new Check("start-up taint", Need.USEFUL, kept)));
    facts.addAll(fleet.facts());
  }

  /** What goes wrong with one question does not keep the others from being asked. */
  private void check(String name, Need need, Supplier<Finding> question) {
    Finding finding;
    try {
      finding = question.get();
    } catch (CommandFailure e) {
      finding = new Finding.Unknown(String.valueOf(e.getMessage()));
    }
    checks.add(new Check(name, need, finding));
  }

  private String kubernetes() {
    StringBuilder version = new StringBuilder();
    api.get(
        "/version",
        said -> version.append(", Kubernetes ").append(said.path("gitVersion").asText()));
    return version.toString();
  }
}
