package io.taskstorage.e2e.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pods may do: no more than they need, whatever else is asked for. */
class AgentPodTest {

  private static final YAMLMapper YAML = new YAMLMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "agent: {plane: rescan}",
        "agent: {seLinuxOptions: {}}",
        "agent: {pinMode: '0640', pinGroup: 1000}",
        "agent: {mountBpffs: {enabled: true, image: busybox}}",
        "monitoring: {podMonitor: {enabled: true}}",
        "networkPolicy: {enabled: true}"
      })
  void agentHasTwoCapabilities(String values) throws IOException {
    JsonNode pod = pod(values, "DaemonSet/taskstorage-agent");
    assertThat(pod.at("/containers/0/securityContext"))
        .isEqualTo(
            YAML.readTree(
                """
                runAsUser: 0
                runAsGroup: 0
                runAsNonRoot: false
                readOnlyRootFilesystem: true
                allowPrivilegeEscalation: false
                capabilities: {drop: [ALL], add: [BPF, PERFMON]}
                seccompProfile: {type: RuntimeDefault}
                appArmorProfile: {type: Unconfined}
                """));
    assertThat(pod.path("hostPID").asBoolean()).isTrue();
    assertThat(pod.has("hostNetwork")).isFalse();
    assertThat(pod.has("hostIPC")).isFalse();
    assertThat(pod.path("containers")).hasSize(1);
  }

  @Test
  void agentWritesToTwoFoldersOfTheNode() {
    JsonNode pod = pod("", "DaemonSet/taskstorage-agent");
    assertThat(pod.at("/containers/0/volumeMounts"))
        .extracting(
            m -> m.path("mountPath").asText() + (m.path("readOnly").asBoolean() ? " ro" : ""))
        .containsExactly(
            "/sys/fs/bpf", "/sys/fs/cgroup ro", "/run/taskstorage", "/var/run/nri ro", "/tmp");
  }

  @Test
  void privilegedIsTheOnlyThingThatAllowsMore() throws IOException {
    JsonNode pod = pod("agent: {privileged: true}", "DaemonSet/taskstorage-agent");
    assertThat(pod.at("/containers/0/securityContext"))
        .isEqualTo(
            YAML.readTree(
                """
                runAsUser: 0
                runAsGroup: 0
                runAsNonRoot: false
                readOnlyRootFilesystem: true
                privileged: true
                """));
  }

  @Test
  void controllerIsAnOrdinaryUserWithNothing() throws IOException {
    JsonNode pod = pod("", "Deployment/taskstorage-controller");
    assertThat(pod.path("securityContext"))
        .isEqualTo(
            YAML.readTree(
                """
                runAsNonRoot: true
                runAsUser: 65532
                runAsGroup: 65532
                seccompProfile: {type: RuntimeDefault}
                """));
    assertThat(pod.at("/containers/0/securityContext"))
        .isEqualTo(
            YAML.readTree(
                """
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
                """));
    assertThat(pod.path("volumes")).extracting(v -> v.path("name").asText()).containsExactly("tmp");
  }

  private static JsonNode pod(String values, String object) {
    return Helm.rendering(Helm.OPERATOR, values).object(object).at("/spec/template/spec");
  }
}
