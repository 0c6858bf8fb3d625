package io.taskstorage.controller.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.taskstorage.api.v1alpha1.TaskStorageMap;
import io.taskstorage.controller.aggregate.Unreadable;
import io.taskstorage.policy.Problem;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An object that no type can hold is read as one that says so. */
class LenientTypesTest {

  private final ObjectMapper mapper = new ObjectMapper();

  LenientTypesTest() {
    SimpleModule module = new SimpleModule("test");
    LenientTypes.register(module);
    mapper.registerModule(module);
  }

  @Test
  void goodObjectIsReadAsItIs() throws IOException {
    // When
    TaskStorageMap map = read("{\"bpfName\": \"x\"}", "{\"observedGeneration\": 2}");
    // Then
    assertThat(map).isNotInstanceOf(Unreadable.class);
    assertThat(map.getSpec().bpfName()).isEqualTo("x");
    assertThat(map.getStatus().observedGeneration()).isEqualTo(2);
  }

  @Test
  void badSpecIsRefusedByItsPathAndNeverByItsValue() throws IOException {
    // When
    TaskStorageMap map = read("{\"value\": {\"fields\": \"secret\"}}", "{}");
    // Then
    assertThat(map).isInstanceOf(Unreadable.class);
    assertThat(map.getMetadata().getName()).isEqualTo("a");
    assertThat(map.getKind()).isEqualTo("TaskStorageMap");
    assertThat(((Unreadable) map).problems())
        .containsExactly(
            new Problem(
                "spec.value.fields",
                "of a type that this version does not know: correct it, or upgrade the"
                    + " controller"));
  }

  @Test
  void badStatusIsTakenForNone() throws IOException {
    // When
    TaskStorageMap map = read("{\"bpfName\": \"x\"}", "{\"conditions\": 7}");
    // Then
    assertThat(map).isNotInstanceOf(Unreadable.class);
    assertThat(map.getStatus()).isNull();
  }

  private TaskStorageMap read(String spec, String status) throws IOException {
    String text =
        """
        {"kind": "TaskStorageMap", "metadata": {"name": "a"}, "spec": %s, "status": %s}
        """
            .formatted(spec, status);
    return mapper.readValue(text, TaskStorageMap.class);
  }
}
