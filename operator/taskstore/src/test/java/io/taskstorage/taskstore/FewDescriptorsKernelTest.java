package io.taskstorage.taskstore;

import static io.taskstorage.taskstore.Samples.TENANT_LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.bpf.MapSpec;
import io.taskstorage.testkit.BpffsMount;
import io.taskstorage.testkit.CgroupSandbox;
import io.taskstorage.testkit.Command;
import io.taskstorage.testkit.KernelTest;
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
    List<String> arguments = new ArrayList<>();
    arguments.add(bpffs.toString());
    arguments.add(sandbox.top().path().toString());
    arguments.addAll(free);
    List<String> published = run(PublishWithFewDescriptors.class, arguments);
    // Then
    assertThat(published).hasSize(free.size()).startsWith("Created").endsWith("Adopted");
    assertThat(published.subList(1, published.size()))
        .filteredOn(line -> !line.equals("Adopted"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(line -> line.startsWith("KernelRefused: ") && line.endsWith("(ulimit -n)"));
    assertThat(published)
        .contains(
            "KernelRefused: list %s: too many open files in this process: raise the limit of open files (ulimit -n)"
                .formatted(new PinTree(bpffs).staging()));
  }

  @Test
  void aMapIsNotTakenForSomethingElse(@BpffsMount Path bpffs) {
    // Given
    Path pin = bpffs.resolve("other");
    LayoutBtf btf = LayoutBtf.of(TENANT_LAYOUT);
    MapSpec spec =
        MapSpec.taskStorage(
            "other", TENANT_LAYOUT.sizeBytes(), btf.blob(), btf.keyTypeId(), btf.valueTypeId());
    try (BpfMap map = BpfMap.create(spec)) {
      map.pin(pin);
    }
    // When: the pin, what fdinfo says of it, and its BTF need one each, two at a time.
    List<String> seen =
        run(InspectWithFewDescriptors.class, List.of(pin.toString(), "all", "0", "1", "2"));
    // Then
    assertThat(seen).containsExactly("OfMap true", "EMFILE", "EMFILE", "OfMap true");
  }

  @Test
  void tasksThatCannotBeReadAreNotTakenForGone() {
    // When
    List<String> told = run(ReadProcWithFewDescriptors.class, List.of("all", "0"));
    // Then
    assertThat(told)
        .containsExactly(
            "pids true tids true stat true gone true",
            "pids refused tids refused stat refused gone refused");
  }

  private static List<String> run(Class<?> main, List<String> arguments) {
    return Command.of(
            "prlimit",
            "--nofile=128:128",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName())
        .arguments(arguments.toArray(String[]::new))
        .run()
        .stdoutIfDone()
        .lines()
        .toList();
  }
}
