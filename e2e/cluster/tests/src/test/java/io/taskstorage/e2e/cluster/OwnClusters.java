package io.taskstorage.e2e.cluster;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the program, each with a state folder of its own and nothing left behind. */
abstract class OwnClusters {
  Clusters clusters = new Clusters(Path.of(""));

  @BeforeEach
  void ownState(@TempDir Path state) {
    clusters = new Clusters(state);
  }

  @AfterEach
  void endAll() {
    clusters.run("down", "--all").stdoutIfDone();
  }
}
