package io.taskstorage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountInfoTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw;"
            + "/sys/fs/cgroup/unified;cgroup2",
        "50 1 0:44 / /tmp/a\\040b\\134c rw shared:7 master:1 - bpf bpf rw,mode=700;/tmp/a b\\c;bpf",
      })
  void readsPointAndType(String line, String point, String type) {
    assertThat(MountInfo.parse(line)).isEqualTo(new MountInfo(Path.of(point), type));
  }
}
