package io.taskstorage.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.Cgroup;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Child;
import io.taskstorage.testkit.KernelTest;
import io.taskstorage.testkit.Task;
import io.taskstorage.testkit.cluster.ApiServer;
import io.taskstorage.testkit.cluster.ApiServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** /debug/state of an agent at work: what the reference says of it, and nothing that is secret. */
@KernelTest
@ApiServerTest
class DebugStateKernelTest {
  private static final Path PAGE =
      Path.of(System.getProperty("root.dir", "../..")).resolve("docs/reference/debug-state.md");

  private static final long TENANT = 987_654_321_987L;
  private static final int QOS = 213;

  @Test
  void hasTheDocumentedPropertiesAndNoValue(
      ApiServer api, CgroupSandbox cgroups, @BpffsMount Path bpffs, @TempDir Path folder)
      throws IOException {
    try (AgentBed bed = new AgentBed(api, folder, bpffs, cgroups)) {
      // Given
      bed.applyTenant(TENANT);
      bed.apply(bed.qosPolicy(QOS));
      Cgroup pod = bed.pod("web-1");
      bed.running("web-1", "c1");
      Task task = bed.processIn(pod.create("cri-containerd-c1.scope"));
      try (Child agent = bed.start()) {
        agent.awaitErrorLine("msg=ready");
        bed.awaitValues(Map.of(task.tid(), TENANT + " " + QOS));

        // When
        String answer = AgentEndpoint.get(agent, "/debug/state");

        // Then
        assertThat(answer).startsWith("200 {");
        JsonNode state = new JsonMapper().readTree(answer.substring("200 ".length()));
        Set<String> properties = new TreeSet<>();
        state.fieldNames().forEachRemaining(properties::add);
        assertThat(properties).isEqualTo(documented());
        assertThat(state.at("/policies/0/accepted").asBoolean()).isTrue();
        assertThat(answer)
            .contains(bed.map(), "web-1", "tenant-" + bed.namespace())
            .doesNotContain(Long.toString(TENANT), Long.toHexString(TENANT), "uint(", "Bearer");
        assertThat(answer).doesNotContain(Files.readString(folder.resolve("token")).strip());
        assertThat(answer).doesNotContainPattern("[^0-9a-f-]" + QOS + "[^0-9a-f-]");
      }
    }
  }

  /** The properties in the table of the agent. */
  private static Set<String> documented() throws IOException {
    String page = Files.readString(PAGE);
    String table = page.substring(page.indexOf("## Of the agent"), page.indexOf("## Of the contr"));
    Set<String> names = new TreeSet<>();
    for (String row : table.lines().filter(line -> line.startsWith("| `")).toList()) {
      Matcher name = Pattern.compile("`([a-zA-Z]+)(\\[])?`").matcher(row.split("\\|", -1)[1]);
      while (name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }
}
