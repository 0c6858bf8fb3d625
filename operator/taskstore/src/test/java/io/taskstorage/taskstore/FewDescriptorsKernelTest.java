package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANT_CTX;
import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A limit of open files that is reached while a map is made or adopted. */
@KernelTest(needs = {KernelTest.Need.CGROUP2, KernelTest.Need.BPFFS})
class FewDescriptorsKernelTest {
  @Test
  void whateverCallFindsNoneLeftTheMessageSaysSo(@BpffsMount Path bpffs, CgroupSandbox sandbox) {
    // Given
    List<String> free = new ArrayList<>(List.of("all"));
    IntStream.rangeClosed(0, 9).mapToObj(Integer::toString).forEach(free::add);
    // When
    List<String> published = publish(bpffs, sandbox, free);
    // Then
    assertThat(published).hasSize(free.size()).startsWith("Created").endsWith("Adopted");
    assertThat(published.subList(1, published.size()))
        .filteredOn(line -> !line.equals("Adopted"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(line -> line.startsWith("KernelRefused: ") && line.endsWith("(ulimit -n)"));
    assertThat(published)
        .contains(
            "KernelRefused: list %s: too many open files: raise the limit of open files (ulimit -n)"
                .formatted(new PinTree(bpffs).staging()));
  }

  @Test
  void aForeignMapIsNeverTakenForSomethingElse(@BpffsMount Path bpffs, CgroupSandbox sandbox)
      throws IOException {
    // Given
    Path pin = new PinTree(bpffs).publicPin(TENANT_CTX);
    TaskStores.rescan(new PinTree(bpffs), CgroupTree.open(sandbox.top().path())).close();
    LayoutBtf btf = LayoutBtf.of(TENANT_LAYOUT);
    MapSpec spec =
        MapSpec.taskStorage(
            "tenant_ctx",
            TENANT_LAYOUT.sizeBytes(),
            btf.blob(),
            btf.keyTypeId(),
            btf.valueTypeId());
    try (BpfMap map = BpfMap.create(spec)) {
      map.pin(pin);
    }
    String foreign =
        "ForeignPin: pin %s: is a map that this agent did not make (id %d): remove it, or give the map another bpfName"
            .formatted(pin, PinListing.mapId(pin));
    // When
    List<String> published = publish(bpffs, sandbox, List.of("all", "0", "1", "2", "3", "4", "9"));
    // Then
    assertThat(published).hasSize(7).startsWith(foreign).endsWith(foreign);
    assertThat(published)
        .filteredOn(line -> !line.equals(foreign))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("KernelRefused: ") && line.endsWith("(ulimit -n)"));
  }

  private static List<String> publish(Path bpffs, CgroupSandbox sandbox, List<String> free) {
    return Command.of(
            "prlimit",
            "--nofile=128:128",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            PublishWithFewDescriptors.class.getName(),
            bpffs.toString(),
            sandbox.top().path().toString())
        .arguments(free.toArray(String[]::new))
        .run()
        .stdoutIfDone()
        .lines()
        .toList();
  }
}
