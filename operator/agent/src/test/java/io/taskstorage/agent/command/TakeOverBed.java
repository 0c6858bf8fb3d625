package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskstorage.taskstore.Records;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A node with a pod in which tasks start without end, while agents come, go and change values. */
final class TakeOverBed implements AutoCloseable {
  private static final int ENOUGH = 100;

  private final AgentBed bed;
  private final Task member;
  private final StartLoad load;
  private final int mapId;
  private final List<String> programs;
  private final List<Child> agents = new ArrayList<>();
  private long tenant = 1;

  /** One agent is ready, and every task has its value. */
  TakeOverBed(ApiServer api, CgroupSandbox cgroups, Path bpffs, Path folder) {
    bed = new AgentBed(api, folder, bpffs, cgroups);
    bed.applyTenant(1);
    Cgroup pod = bed.pod("web-1");
    member = bed.processIn(pod);
    agents.add(bed.start());
    // Entries come first; the public path leads to the map when the agent is ready.
    awaitReadiness(first(), "200 ok\n");
    awaitTenant();
    mapId = Records.mapId(bed.recorded());
    programs = programs();
    load = StartLoad.in(pod, folder, bed.pins().publicPin(bed.recorded().bpfName()), tenant);
  }

  AgentBed bed() {
    return bed;
  }

  /** The agent that was there first. */
  Child first() {
    return agents.getFirst();
  }

  /** Another one. */
  Child agent(String... more) {
    Child agent = bed.start(more);
    agents.add(agent);
    return agent;
  }

  /** One that asks for the node. */
  Child successor() {
    return agent("--take-over");
  }

  /** The namespace has another value, which nobody may have acted on yet. */
  void beginChange() {
    tenant++;
    load.maybe(tenant);
    bed.tenant(tenant);
  }

  /** Whoever has the node has acted on the last change. */
  void endChange() {
    awaitTenant();
    load.surely(tenant);
  }

  /** A change is acted on, no start was without its value, and all is as it was made first. */
  void assertWorks() {
    beginChange();
    endChange();
    load.assertAllRight(ENOUGH);
    assertThat(Records.mapId(bed.recorded())).isEqualTo(mapId);
    assertThat(programs()).as("sets of programs").isEqualTo(programs);
  }

  /** Every start has its value, whoever works, or nobody. */
  void assertStartsAreRight() {
    load.assertAllRight(ENOUGH);
  }

  /** Until an agent's readiness is this. */
  static void awaitReadiness(Child agent, String expected) {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(() -> assertThat(AgentEndpoint.get(agent, "/readyz")).isEqualTo(expected));
  }

  private void awaitTenant() {
    await()
        .atMost(AgentBed.LIMIT)
        .untilAsserted(() -> assertThat(bed.values()).containsEntry(member.tid(), tenant + " 0"));
  }

  private List<String> programs() {
    try (Stream<Path> sets = Files.list(bed.pins().agentFolder().resolve("programs"))) {
      return sets.map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    load.close();
    agents.forEach(Child::close);
    bed.close();
  }
}
