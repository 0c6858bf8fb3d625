package io.taskstorage.taskstore;

import io.taskstorage.bpf.BpfMap;
import io.taskstorage.layout.StructLayout;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** All descriptors of this process in use but a few, until this is closed. */
final class FewDescriptors implements AutoCloseable {
  private final List<FileInputStream> fillers = new ArrayList<>();

  private FewDescriptors() {}

  /**
   * Uses descriptors up.
   *
   * @param free how many to leave; "all" for as many as there are
   */
  static FewDescriptors leave(String free) throws IOException {
    FewDescriptors few = new FewDescriptors();
    if (free.equals("all")) {
      return few;
    }
    try {
      while (true) {
        few.fillers.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      for (int i = 0; i < Integer.parseInt(free); i++) {
        few.fillers.removeLast().close();
      }
      return few;
    }
  }

  /**
   * Reading a class from a folder would need a descriptor; a jar is open from its first class on.
   */
  static void loadClasses() throws Exception {
    for (Class<?> one : List.of(TaskStore.class, BpfMap.class, StructLayout.class)) {
      URI file = Objects.requireNonNull(one.getResource(one.getSimpleName() + ".class")).toURI();
      if (!file.getScheme().equals("file")) {
        continue;
      }
      try (Stream<Path> files = Files.list(PinTree.parent(Path.of(file)))) {
        for (Path each : files.toList()) {
          String name = String.valueOf(each.getFileName());
          if (name.endsWith(".class")) {
            Class.forName(one.getPackageName() + "." + name.replace(".class", ""));
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (FileInputStream filler : fillers) {
      filler.close();
    }
  }
}
